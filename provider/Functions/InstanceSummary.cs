using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record InstanceSummary
{
    [Description("The server's name, which is its id.")]
    public required string Name { get; init; }

    [Description("\"available\", \"unfinished\", \"stopped\", \"degraded\", \"lost\" or \"unreachable\".")]
    public required string Status { get; init; }

    [Description("Why the status is not \"available\".")]
    public string? Reason { get; init; }

    [Description("The name or address at which clients reach the server.")]
    public required string Host { get; init; }

    [Description("The TCP port.")]
    public required int Port { get; init; }

    [Description("The role that the user logs in with; of a linked server, its administrator.")]
    public required string Username { get; init; }

    [Description("The server's full version.")]
    public required string ServerVersion { get; init; }

    [Description("The applications that are bound to the server, by name.")]
    public required IReadOnlyList<string> Applications { get; init; }

    [Description("When the server was made, or linked, as RFC 3339 in UTC.")]
    public required string CreatedAt { get; init; }

    [Description("Whether somebody else runs the server: it was linked, and recovery is not available.")]
    public required bool Linked { get; init; }
}
