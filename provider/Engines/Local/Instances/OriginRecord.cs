using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PgFleet.Archives;

namespace PgFleet.Engines.Local.Instances;

/// <summary>What the registry knows of the past of a restored server.</summary>
internal sealed record OriginRecord
{
    /// <summary>The source as it was asked for: the name that it had, or its identity.</summary>
    public required string Source { get; init; }

    /// <summary>Which of those that bore the name it is; null in a record of the first format.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? SourceId { get; init; }

    /// <summary>The instant that was asked for; null: the latest.</summary>
    public required DateTimeOffset? Instant { get; init; }

    /// <summary>The source's parameters when the restore was made, under what is declared for the copy itself.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>How the instant was resolved; null until it was.</summary>
    public RestorePoint? Point { get; init; }

    /// <summary>The server's own timeline; null until it began.</summary>
    public int? Timeline { get; init; }

    [JsonIgnore]
    public RestoreOrigin Asked => new(Source, Instant);

    [JsonIgnore]
    public RestoreOutcome? Outcome => Point is null || Timeline is not { } timeline ? null : new(Point.RestoredTo, timeline);
}
