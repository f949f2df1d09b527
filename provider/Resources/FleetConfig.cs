using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Resources;

/// <summary>The provider's own configuration. Nothing in it depends on a server that the same run creates.</summary>
internal sealed record FleetConfig
{
    public static ResourceSchema Shape { get; } = ResourceSchema.OfConfiguration(RecordContext.Default.FleetConfig);

    [Description("The folder that holds the fleet: its registry, its servers and, unless set otherwise, their archives. Also PGFLEET_HOME. Left out, it is /var/lib/pgfleet for root and pgfleet in the XDG data folder for others.")]
    [Pattern("/.+", "write an absolute path")]
    public FolderPath? Home { get; init; }

    [Description("Folders with PostgreSQL's own programs, searched before PATH and the usual places.")]
    public IReadOnlyList<FolderPath>? BinDirectories { get; init; }

    [Description("The operating system's user whose processes the servers are, when pgfleet runs as root. Left out, it is postgres.")]
    [Pattern("[a-z_][a-z0-9_-]{0,31}", "write the name of a user of the operating system")]
    public string? ServiceUser { get; init; }

    public static FleetConfig At(string? home) => new() { Home = FolderPath.Of(home) };

    public static Checked Check(Map config) => Checker.Check(Shape, JsonText.Expand(Shape, config), null, [], _ => null);

    public static FleetConfig Of(Map inputs) => Records.Read(inputs, RecordContext.Default.FleetConfig);
}
