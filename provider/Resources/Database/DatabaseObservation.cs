using System.Collections.Immutable;
using PgFleet.Postgres.Sql;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Database;

/// <summary>
/// Reads a database's current values in the spelling of its inputs. Values that a server does not report are left out unless they are
/// recorded, so that they do not cause a replacement.
/// </summary>
/// <param name="databases">The server's databases.</param>
/// <param name="found">The database as in the catalogue.</param>
/// <param name="prior">The recorded inputs; null for an import.</param>
internal sealed class DatabaseObservation(IDatabases databases, FoundDatabase found, DatabaseArgs? prior)
{
    public async Task<DatabaseArgs> ReadAsync(string instance, CancellationToken cancel) =>
        (prior ?? new() { Instance = instance, Name = found.Spec.Name, OnDelete = "refuse", DeletionProtection = false }) with
        {
            Owner = found.Spec.Owner,
            Encoding = DatabaseValues.EncodingOf(found.Spec),
            LocaleProvider = found.Spec.LocaleProvider,
            Locale = prior?.Locale is { } locale && Locales.ResultsFrom(found.Spec, locale.ToString()) ? locale : DatabaseValues.LocaleOf(found.Spec),
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

    /// <summary>The recorded settings; on import, all. A value keeps the recorded spelling while the server considers it equal.</summary>
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

    /// <summary>The recorded extensions; on import, all but plpgsql, which every database has. Versions and schemas only where they were declared.</summary>
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
