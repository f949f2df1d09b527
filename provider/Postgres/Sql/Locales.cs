namespace PgFleet.Postgres.Sql;

/// <summary>What was asked of a database's encoding and locale, held against what the catalogue has.</summary>
internal static class Locales
{
    /// <summary>Whether a database has everything that a spec asks for, however it is spelled.</summary>
    public static bool Fit(DatabaseSpec found, DatabaseSpec spec) =>
        IsMet(spec.Encoding, found.Encoding)
        && IsMet(spec.LocaleProvider, found.LocaleProvider)
        && (spec.Locale is not { } locale || CameOf(found, locale))
        && IsMet(spec.LcCollate, found.LcCollate)
        && IsMet(spec.LcCtype, found.LcCtype)
        && (spec.IcuLocale is not { } tag || AreSameTag(tag, found.IcuLocale))
        && IsMet(spec.IcuRules, found.IcuRules)
        && IsMet(spec.BuiltinLocale, found.BuiltinLocale);

    /// <summary>No catalogue keeps LOCALE, from which come all that are not set apart.</summary>
    public static bool CameOf(DatabaseSpec found, string locale) =>
        locale == found.LcCollate || locale == found.LcCtype || locale == found.BuiltinLocale || AreSameTag(locale, found.IcuLocale);

    /// <summary>From 16 on the server writes an ICU locale as a language tag, whatever it was given.</summary>
    public static bool AreSameTag(string written, string? tag) => string.Equals(Tag(written), Tag(tag), StringComparison.OrdinalIgnoreCase);

    private static bool IsMet(string? asked, string? there) => asked is null || asked == there;

    private static string? Tag(string? locale) => locale is "root" ? "und" : locale?.Replace('_', '-');
}
