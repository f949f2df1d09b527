using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record GetRecoveryWindowArgs
{
    [Description("The server's name. Of one that was deleted, whose archive is kept, its name or its identity, such as main@0f8fad5b.")]
    public required string Name { get; init; }
}
