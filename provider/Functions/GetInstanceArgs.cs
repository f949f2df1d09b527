using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record GetInstanceArgs
{
    [Description("The server's name.")]
    public required string Name { get; init; }
}
