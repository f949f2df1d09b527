using System.Collections.Immutable;
using PgFleet.Postgres.Sql;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Database;

/// <summary>
/// A database as it is now, in the words of its inputs. What a server does not tell is left out where it is not recorded: nothing
/// shall be replaced for it.
/// </summary>
/// <param name="databases">Of its server.</param>
/// <param name="found">As the catalogue has it.</param>
/// <param name="prior">Null: an import.</param>
internal sealed class DatabaseObservation(IDatabases databases, FoundDatabase found, DatabaseArgs? prior)
{
    public async Task<DatabaseArgs> ReadAsync(string instance, CancellationToken cancel) =>
        (prior ?? new() { Instance = instance, Name = found.Spec.Name, OnDelete = "refuse", DeletionProtection = false }) with
        {
            Owner = found.Spec.Owner,
            Encoding = DatabaseValues.EncodingOf(found.Spec),
            LocaleProvider = found.Spec.LocaleProvider,
            Locale = prior?.Locale is { } locale && Locales.CameOf(found.Spec, locale.ToString()) ? locale : DatabaseValues.LocaleOf(found.Spec),
            LcCollate = DatabaseValues.NameOf(found.Spec.LcCollate),
            LcCtype = DatabaseValues.NameOf(found.Spec.LcCtype),
            IcuLocale = SameOr(prior?.IcuLocale, found.Spec.IcuLocale),
            IcuRules = found.Spec.IcuRules ?? (prior?.IcuRules is null ? null : DatabaseValues.NoRules),
            BuiltinLocale = SameOr(prior?.BuiltinLocale, found.Spec.BuiltinLocale),
            ConnectionLimit = found.Spec.ConnectionLimit,
            AllowConnections = found.Spec.AllowConnections,
            Settings = await SettingsAsync(cancel),
            Extensions = await ExtensionsAsync(cancel),
        };

    private static LocaleName? SameOr(LocaleName? recorded, string? found) => DatabaseValues.NameOf(found) is var there && there == recorded ? recorded : there;

    /// <summary>Those that are recorded; of an import, all. Values stay as they were written while the server takes them for the same.</summary>
    private async Task<IReadOnlyDictionary<string, Setting>?> SettingsAsync(CancellationToken cancel)
    {
        if (prior is { Settings: null })
        {
            return null;
        }

        var observed = ImmutableSortedDictionary.CreateBuilder<string, Setting>(StringComparer.Ordinal);
        foreach (var name in prior?.Settings?.Keys ?? found.Spec.Settings.Keys)
        {
            if (found.Spec.Settings.TryGetValue(name, out var there) && Setting.Parse(there) is { } setting)
            {
                var written = prior?.Settings?[name] ?? setting;
                observed[name] = written.Equals(setting) || await databases.AreSameAsync(name, there, written.ToString(), cancel) ? written : setting;
            }
        }

        return prior is null && observed.Count == 0 ? null : observed.ToImmutable();
    }

    /// <summary>Those that are recorded; of an import, all but the one that every database has. Versions and schemas only where they were asked for.</summary>
    private async Task<IReadOnlyDictionary<string, ExtensionArgs>?> ExtensionsAsync(CancellationToken cancel)
    {
        if (prior is { Extensions: null or { Count: 0 } } || !found.Spec.AllowConnections)
        {
            return prior?.Extensions;
        }

        var there = await databases.FindExtensionsAsync(found.Spec.Name, cancel);
        var managed = prior?.Extensions ?? there.Remove("plpgsql").ToImmutableSortedDictionary(extension => extension.Key, _ => new ExtensionArgs());
        var observed = managed.Where(extension => there.ContainsKey(extension.Key)).ToImmutableSortedDictionary(
            extension => extension.Key,
            extension => new ExtensionArgs
            {
                Version = extension.Value.Version is null ? null : there[extension.Key].Version,
                Schema = extension.Value.Schema is null ? null : there[extension.Key].Schema,
            },
            StringComparer.Ordinal);
        return prior is null && observed.IsEmpty ? null : observed;
    }
}
