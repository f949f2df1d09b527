using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record DeletedSummary
{
    [Description("The name that the server bore. Another may bear it by now.")]
    public required string Name { get; init; }

    [Description("What tells it from every other of that name, such as main@0f8fad5b: what `sourceInstance`, `getRecoveryWindow` and pgfleet purge take.")]
    public required string Identity { get; init; }

    [Description("The role that the user logged in with.")]
    public required string Username { get; init; }

    [Description("The server's full version.")]
    public required string ServerVersion { get; init; }

    [Description("When the server was made, as RFC 3339 in UTC.")]
    public required string CreatedAt { get; init; }

    [Description("When it was deleted, as RFC 3339 in UTC.")]
    public required string DeletedAt { get; init; }

    [Description("Until when its archive is kept, as RFC 3339 in UTC; the fleet's next work after that removes it.")]
    public required string KeptUntil { get; init; }
}
