using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>A resource as the program declares it, with its values evaluated.</summary>
internal sealed record Goal(
    Urn Urn,
    Map Inputs,
    ResourceOptions Options,
    ImmutableArray<Urn> Dependencies,
    ImmutableSortedDictionary<string, ImmutableArray<Urn>> PropertyDependencies,
    ProviderInstance Provider)
{
    public ImmutableArray<Urn> ReplaceWith { get; init; } = [];

    public Urn? DeletedWith { get; init; }

    /// <summary>Everything that must exist before it, including its provider.</summary>
    public IEnumerable<Urn> Needed => [.. Dependencies, .. ReplaceWith, .. DeletedWith is { } with ? (Urn[])[with] : [], Provider.Urn];

    /// <summary>The state to record. An output is secret too if its input is, or if the program says so (protocol 3, end).</summary>
    public ResourceState State(string id, Map inputs, Map outputs) => new()
    {
        Urn = Urn,
        Id = id,
        Inputs = inputs,
        Outputs = outputs.WithSecretsOf(inputs, Options.AdditionalSecretOutputs),
        Dependencies = Dependencies,
        PropertyDependencies = PropertyDependencies,
        Provider = Provider.Reference,
        Protect = Options.Protect,
        RetainOnDelete = Options.RetainOnDelete,
        ImportId = Options.Import,
        Timeouts = Options.Timeouts,
        AdditionalSecretOutputs = Options.AdditionalSecretOutputs,
        IgnoreChanges = Options.IgnoreChanges,
        ReplaceOnChanges = Options.ReplaceOnChanges,
        ReplaceWith = ReplaceWith,
        DeletedWith = DeletedWith,
    };
}

/// <summary>A resource as the rest of the program sees it.</summary>
/// <param name="Id">The id; null: not known yet.</param>
/// <param name="Complete">True: a missing output does not exist; false: it is not known yet (protocol 4.2.6).</param>
internal sealed record Registered(Urn Urn, string? Id, Map Outputs, bool Complete);

/// <summary>A provider of this run.</summary>
/// <param name="Id">The id; null: not known yet.</param>
/// <param name="Inputs">The configuration.</param>
/// <param name="Connection">The connection, used for decisions about the configuration even while that is not known.</param>
internal sealed record ProviderInstance(Urn Urn, string? Id, IProvider Provider, Map Inputs, ProviderConnection Connection)
{
    /// <summary>The reference in states; it changes when the provider is replaced.</summary>
    public string Reference => $"{Urn}::{Id ?? WireNames.UnknownText}";
}
