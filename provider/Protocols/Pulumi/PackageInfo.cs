namespace PgFleet.Protocols.Pulumi;

/// <summary>The package-level properties of the package schema.</summary>
/// <param name="Name">The first part of every token.</param>
/// <param name="Version">Strict semver; the SDKs ask for this version of the plugin.</param>
internal sealed record PackageInfo(string Name, string Version)
{
    public string DisplayName { get; init; } = "PgFleet";

    /// <summary>The package's part of the .NET SDK's namespace.</summary>
    public string DotNetNamespace { get; init; } = "PgFleet";

    public string Description { get; init; } = "PostgreSQL servers as code: provision, migrate, restore to a point in time, move applications over, destroy.";

    public IReadOnlyList<string> Keywords { get; init; } = ["category/database", "kind/native", "postgres", "postgresql", "pitr"];

    public string License { get; init; } = "Apache-2.0";

    public string Publisher { get; init; } = "The pgfleet authors";

    /// <summary>Left out of the schema when null.</summary>
    public string? Homepage { get; init; }

    /// <summary>Left out of the schema when null.</summary>
    public string? Repository { get; init; }
}
