using System.Collections.Immutable;

namespace PgFleet.Postgres.Sql;

/// <summary>A database as planned, in the terms of CREATE DATABASE. Null leaves the choice to the server.</summary>
internal sealed record DatabaseSpec
{
    public required string Name { get; init; }

    public required string Owner { get; init; }

    /// <summary>In PostgreSQL's spelling.</summary>
    public string? Encoding { get; init; }

    /// <summary>libc, icu (15 and later) or builtin (17 and later).</summary>
    public string? LocaleProvider { get; init; }

    public string? Locale { get; init; }

    public string? LcCollate { get; init; }

    public string? LcCtype { get; init; }

    public string? IcuLocale { get; init; }

    /// <summary>For 16 and later.</summary>
    public string? IcuRules { get; init; }

    /// <summary>For 17 and later.</summary>
    public string? BuiltinLocale { get; init; }

    /// <summary>Null: template1, or template0 when encoding or locale differ from template1's, as CREATE DATABASE demands. No catalogue stores it.</summary>
    public string? Template { get; init; }

    /// <summary>-1: no limit.</summary>
    public int ConnectionLimit { get; init; } = -1;

    public bool AllowConnections { get; init; } = true;

    public ImmutableSortedDictionary<string, ExtensionSpec> Extensions { get; init; } =
        ImmutableSortedDictionary.Create<string, ExtensionSpec>(StringComparer.Ordinal);

    /// <summary>The database's session defaults by parameter.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// An extension's version and schema. Null version: the newest that the server offers, or the installed one. Null schema: the one that the extension names,
/// else public.
/// </summary>
internal sealed record ExtensionSpec(string? Version = null, string? Schema = null);
