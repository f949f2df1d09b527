using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PgFleet.Archives;

namespace PgFleet.Engines.Local.Instances;

/// <summary>What the registry records about a restored server's source.</summary>
internal sealed record OriginRecord
{
    /// <summary>The source as the user wrote it: its name, or its identity.</summary>
    public required string Source { get; init; }

    /// <summary>The source's id, which distinguishes servers of one name; null in a record of the first format.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? SourceId { get; init; }

    /// <summary>The requested instant; null: the latest.</summary>
    public required DateTimeOffset? Instant { get; init; }

    /// <summary>The source's parameters at the time of the restore; the copy's own declaration overrides them.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>How the instant was resolved; null before that.</summary>
    public RestorePoint? Point { get; init; }

    /// <summary>The copy's own timeline; null before it starts.</summary>
    public int? Timeline { get; init; }

    [JsonIgnore]
    public RestoreOrigin Asked => new(Source, Instant);

    [JsonIgnore]
    public RestoreOutcome? Outcome => Point is null || Timeline is not { } timeline ? null : new(Point.RestoredTo, timeline);
}
