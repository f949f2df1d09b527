using System.ComponentModel;
using PgFleet.Schema.Types;

namespace PgFleet.Functions;

internal sealed record ListApplicationVersionsArgs
{
    [Description("The application's name.")]
    public required string Application { get; init; }

    [Description("The instant whose version is wanted, written as a `restoreTime` is. Left out, it is now.")]
    public RestoreTime? At { get; init; }
}

internal sealed record ListApplicationVersionsResult
{
    [Description("Every version, the oldest first.")]
    public required IReadOnlyList<ApplicationVersionSummary> Versions { get; init; }

    [Description("The id of the version that was in force at that instant.")]
    public required string Active { get; init; }
}

internal sealed record ApplicationVersionSummary
{
    [Description("What `previousVersion` takes.")]
    public required string Id { get; init; }

    [Description("When its migrations had ended, as RFC 3339 in UTC with microseconds, by the clock of the server that they ran on.")]
    public required string Time { get; init; }

    [Description("The instance that it was deployed to.")]
    public required string Instance { get; init; }

    [Description("Of its source, as of an `Application`.")]
    public required string SourceHash { get; init; }
}
