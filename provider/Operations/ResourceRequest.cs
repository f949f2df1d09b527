using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>A call of an engine for one resource.</summary>
/// <param name="Who">What the engine knows the resource by: a URN, or a type where that is all that a provider is told.</param>
internal sealed record ResourceRequest(Resource Resource, string Who)
{
    /// <summary>The id of what is recorded; null for a new resource.</summary>
    public string? Id { get; init; }

    /// <summary>The recorded state, or its inputs alone; null for a new resource.</summary>
    public Map? Prior { get; init; }

    /// <summary>Under which the two calls for a replacement find each other. By default the same as <see cref="Who"/>.</summary>
    public string Key { get; init; } = Who;

    /// <summary>Null under an engine that has no URNs.</summary>
    public string? Urn { get; init; }

    public ResourceReference Reference(string id) => new(Resource.Space, id);
}
