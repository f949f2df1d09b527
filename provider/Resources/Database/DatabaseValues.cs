using System.Collections.Immutable;
using PgFleet.Engines;
using PgFleet.Postgres.Sql;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Database;

/// <summary>Converts a resource's values to a server's, and back.</summary>
internal static class DatabaseValues
{
    /// <summary>Records that there are no rules, so that adding rules later is a change.</summary>
    public const string NoRules = "";

    /// <summary>Converts inputs to a spec. <paramref name="defaultOwner"/>, the instance's user, is the owner where the inputs name none.</summary>
    public static DatabaseSpec SpecOf(DatabaseArgs args, string defaultOwner) => new()
    {
        Name = args.Name,
        Owner = args.Owner ?? defaultOwner,
        Encoding = args.Encoding?.Name,
        LocaleProvider = args.LocaleProvider,
        Locale = args.Locale?.ToString(),
        LcCollate = args.LcCollate?.ToString(),
        LcCtype = args.LcCtype?.ToString(),
        IcuLocale = args.IcuLocale?.ToString(),
        IcuRules = args.IcuRules is NoRules ? null : args.IcuRules,
        BuiltinLocale = args.BuiltinLocale?.ToString(),
        Template = args.Template,
        ConnectionLimit = args.ConnectionLimit ?? -1,
        AllowConnections = args.AllowConnections ?? true,
        Extensions = (args.Extensions ?? ImmutableDictionary<string, ExtensionArgs>.Empty)
            .ToImmutableSortedDictionary(
                extension => extension.Key, extension => new ExtensionSpec(extension.Value.Version, extension.Value.Schema), StringComparer.Ordinal),
        Settings = (args.Settings ?? ImmutableDictionary<string, Setting>.Empty)
            .ToImmutableSortedDictionary(setting => setting.Key, setting => setting.Value.ToString(), StringComparer.Ordinal),
    };

    /// <summary>Adds the values that the server chose.</summary>
    public static DatabaseArgs Completed(DatabaseArgs planned, FoundDatabase created) => planned with
    {
        Owner = planned.Owner ?? created.Spec.Owner,
        Encoding = planned.Encoding ?? EncodingOf(created.Spec),
        LocaleProvider = planned.LocaleProvider ?? created.Spec.LocaleProvider,
        Locale = planned.Locale ?? LocaleOf(created.Spec),
        LcCollate = planned.LcCollate ?? NameOf(created.Spec.LcCollate),
        LcCtype = planned.LcCtype ?? NameOf(created.Spec.LcCtype),
        IcuLocale = planned.IcuLocale ?? NameOf(created.Spec.IcuLocale),
        IcuRules = planned.IcuRules ?? created.Spec.IcuRules ?? (created.Spec.LocaleProvider is "icu" ? NoRules : null),
        BuiltinLocale = planned.BuiltinLocale ?? NameOf(created.Spec.BuiltinLocale),
        Template = planned.Template ?? created.Spec.Template,
    };

    public static DatabaseOutputs Outputs(DatabaseArgs args, Server server, string fleet, string? identity) => new()
    {
        ConnectionUri = args.Connection is { } connection
            ? ConnectionUri.WithDatabase(connection, args.Name)
            : ConnectionUri.Of(server, args.Owner!, password: null, args.Name),
        FleetId = fleet,
        Identity = identity,
    };

    public static EncodingName? EncodingOf(DatabaseSpec found) => found.Encoding is { } encoding ? EncodingName.Parse(encoding) : null;

    /// <summary>The locale; where LC_COLLATE and LC_CTYPE differ, LC_COLLATE.</summary>
    public static LocaleName? LocaleOf(DatabaseSpec found) => NameOf(found.Locale ?? found.LcCollate);

    public static LocaleName? NameOf(string? locale) => locale is null ? null : LocaleName.Parse(locale);
}
