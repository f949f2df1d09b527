using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>deleted.json: when a server was deleted, and how long its archive is kept.</summary>
internal sealed record DeletionRecord
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }

    public required DateTimeOffset KeptUntil { get; init; }

    /// <summary>The start of the machine that <see cref="Uptime"/> counts from; "" where the system tells none apart.</summary>
    public required string Boot { get; init; }

    /// <summary>How long the machine had been up.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>When the clock was first seen to say that it need not be kept any longer, and nothing else did; null while it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SeenPast { get; init; }
}
