using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>deleted.json: when a server was deleted, and how long its archive is kept.</summary>
internal sealed record DeletionRecord
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }

    public required DateTimeOffset KeptUntil { get; init; }

    /// <summary>The id of the boot that <see cref="Uptime"/> counts from; "" where the system has none.</summary>
    public required string Boot { get; init; }

    /// <summary>The machine's uptime at the deletion.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>When the clock alone first said that the retention has passed; null before that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SeenPast { get; init; }
}
