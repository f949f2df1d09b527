using System.Collections.Immutable;
using PgFleet.Engines;
using PgFleet.Postgres.Sql;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Database;

/// <summary>A resource's values as a server takes them, and back.</summary>
internal static class DatabaseValues
{
    /// <summary>There are none, and that is known: rules that are asked for later are others.</summary>
    public const string NoRules = "";

    /// <param name="args">The owner may be missing from them.</param>
    /// <param name="defaultOwner">The instance's user, who is to use the database.</param>
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

    /// <summary>With what the server chose.</summary>
    public static DatabaseArgs Completed(DatabaseArgs planned, FoundDatabase made) => planned with
    {
        Owner = planned.Owner ?? made.Spec.Owner,
        Encoding = planned.Encoding ?? EncodingOf(made.Spec),
        LocaleProvider = planned.LocaleProvider ?? made.Spec.LocaleProvider,
        Locale = planned.Locale ?? LocaleOf(made.Spec),
        LcCollate = planned.LcCollate ?? NameOf(made.Spec.LcCollate),
        LcCtype = planned.LcCtype ?? NameOf(made.Spec.LcCtype),
        IcuLocale = planned.IcuLocale ?? NameOf(made.Spec.IcuLocale),
        IcuRules = planned.IcuRules ?? made.Spec.IcuRules ?? (made.Spec.LocaleProvider is "icu" ? NoRules : null),
        BuiltinLocale = planned.BuiltinLocale ?? NameOf(made.Spec.BuiltinLocale),
        Template = planned.Template ?? made.Spec.Template,
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

    /// <summary>Where the two differ, what sorts stands for both.</summary>
    public static LocaleName? LocaleOf(DatabaseSpec found) => NameOf(found.Locale ?? found.LcCollate);

    public static LocaleName? NameOf(string? locale) => locale is null ? null : LocaleName.Parse(locale);
}
