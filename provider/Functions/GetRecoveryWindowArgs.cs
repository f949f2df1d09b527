using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record GetRecoveryWindowArgs
{
    [Description("The server's name.")]
    public required string Name { get; init; }
}
