namespace PgFleet.Postgres.Sql;

/// <summary>Compares a requested encoding and locale with those in the catalogue.</summary>
internal static class Locales
{
    /// <summary>True if a database has everything that a spec asks for, in any spelling.</summary>
    public static bool Fit(DatabaseSpec found, DatabaseSpec spec) =>
        IsMet(spec.Encoding, found.Encoding)
        && IsMet(spec.LocaleProvider, found.LocaleProvider)
        && (spec.Locale is not { } locale || ResultsFrom(found, locale))
        && IsMet(spec.LcCollate, found.LcCollate)
        && IsMet(spec.LcCtype, found.LcCtype)
        && (spec.IcuLocale is not { } tag || AreSameTag(tag, found.IcuLocale))
        && IsMet(spec.IcuRules, found.IcuRules)
        && IsMet(spec.BuiltinLocale, found.BuiltinLocale);

    /// <summary>True if the locale matches any that the database has. No catalogue stores LOCALE, which sets all that are not given separately.</summary>
    public static bool ResultsFrom(DatabaseSpec found, string locale) =>
        locale == found.LcCollate || locale == found.LcCtype || locale == found.BuiltinLocale || AreSameTag(locale, found.IcuLocale);

    /// <summary>True if two spellings name one ICU locale: from 16 on, the server stores it as a language tag.</summary>
    public static bool AreSameTag(string written, string? tag) => string.Equals(Tag(written), Tag(tag), StringComparison.OrdinalIgnoreCase);

    private static bool IsMet(string? asked, string? there) => asked is null || asked == there;

    private static string? Tag(string? locale) => locale is "root" ? "und" : locale?.Replace('_', '-');
}
