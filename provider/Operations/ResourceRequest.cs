using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>An engine's call for a resource.</summary>
/// <param name="Resource">The kind of resource.</param>
/// <param name="Who">The engine's name for the resource: a URN, or only its type where a provider is told no more.</param>
internal sealed record ResourceRequest(Resource Resource, string Who)
{
    /// <summary>The id in the state; null for a new resource.</summary>
    public string? Id { get; init; }

    /// <summary>The recorded state, or only its inputs; null for a new resource.</summary>
    public Map? Prior { get; init; }

    /// <summary>Connects the two calls for a replacement. By default the same as <see cref="Who"/>.</summary>
    public string Key { get; init; } = Who;

    /// <summary>The URN; null for an engine that has none.</summary>
    public string? Urn { get; init; }

    public ResourceReference Reference(string id) => new(Resource.Space, id);
}
