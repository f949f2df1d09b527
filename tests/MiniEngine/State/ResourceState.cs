using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MiniEngine.Values;

namespace MiniEngine.State;

/// <summary>A resource as the last run left it.</summary>
internal sealed record ResourceState
{
    /// <summary>Identifies this resource in all later versions of this record: URN and id do not distinguish it from one pending deletion.</summary>
    [JsonIgnore]
    public object Token { get; init; } = new();
    public required Urn Urn { get; init; }
    public required string Id { get; init; }
    /// <summary>The checked inputs.</summary>
    public required Map Inputs { get; init; }
    public required Map Outputs { get; init; }
    public ImmutableArray<Urn> Dependencies { get; init; } = [];
    public ImmutableSortedDictionary<string, ImmutableArray<Urn>> PropertyDependencies { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<Urn>>.Empty;
    /// <summary>The provider's URN and id, as in <c>urn::id</c>; null for providers themselves.</summary>
    public string? Provider { get; init; }
    public bool Protect { get; init; }
    public bool RetainOnDelete { get; init; }
    /// <summary>Only read, never managed.</summary>
    public bool External { get; init; }
    public string? ImportId { get; init; }
    /// <summary>Not empty: it exists but is unfinished, and the next run updates it (protocol 2.6).</summary>
    public ImmutableArray<string> InitErrors { get; init; } = [];
    /// <summary>It was deleted to be replaced, and its successor does not exist yet (protocol 4.2.5).</summary>
    public bool PendingReplacement { get; init; }
    /// <summary>It was replaced and is to be deleted.</summary>
    public bool Delete { get; init; }
    /// <summary>The next run replaces it, regardless of changes.</summary>
    public bool Taint { get; init; }
    public ImmutableArray<string> IgnoreChanges { get; init; } = [];
    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];
    /// <summary>The resources whose replacement also replaces this one.</summary>
    public ImmutableArray<Urn> ReplaceWith { get; init; } = [];
    /// <summary>The resource whose deletion also deletes this one, without a call.</summary>
    public Urn? DeletedWith { get; init; }
    public CustomTimeouts Timeouts { get; init; } = new();
    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];
}

/// <summary>Seconds; 0: the provider's default.</summary>
internal sealed record CustomTimeouts(double Create = 0, double Update = 0, double Delete = 0, double Read = 0);

/// <summary>An operation that was started and whose end is not recorded (protocol 4.5).</summary>
/// <param name="Kind">creating, updating, deleting, reading or importing.</param>
internal sealed record PendingOperation(Urn Urn, string Kind)
{
    public const string Creating = "creating";
}
