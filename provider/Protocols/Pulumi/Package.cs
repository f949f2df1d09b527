using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Pulumi;

/// <summary>The Pulumi package.</summary>
internal static class Package
{
    public const string Name = "pgfleet";

    /// <summary>The version as strict semver, which the SDKs require.</summary>
    public static string Version { get; } = typeof(Package).Assembly.GetName().Version!.ToString(3);

    public static string Token(string name) => $"{Name}:index:{name}";

    public static string Schema(ProviderDefinition fleet) => PulumiSchema.Write(
        new PackageInfo(Name, Version),
        fleet.Resources.Select(resource => resource.Described),
        fleet.Functions.Select(function => function.Described),
        FleetConfig.Shape);
}
