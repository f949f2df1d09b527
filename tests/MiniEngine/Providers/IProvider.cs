using System.Collections.Immutable;
using MiniEngine.State;
using MiniEngine.Values;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>A configured provider, in the engine's terms. Failures are <see cref="ProviderException"/>.</summary>
internal interface IProvider
{
    /// <summary>Check (protocol 4.2.2).</summary>
    /// <param name="olds">The inputs checked last; empty for a resource that is made anew.</param>
    Task<Checked> CheckAsync(Urn urn, Map olds, Map news, Naming naming);

    /// <summary>Diff (protocol 4.2.3).</summary>
    Task<DiffResponse> DiffAsync(ResourceState old, Map news, ImmutableArray<string> ignoreChanges);

    Task<Made> CreateAsync(Urn urn, Map inputs, double timeout, bool preview);

    /// <summary>Read: null if the resource is gone.</summary>
    /// <param name="outputs">The recorded outputs; null together with <paramref name="inputs"/> for an import.</param>
    /// <param name="asStep">True if it may publish its progress, as every step may; the import command takes none.</param>
    Task<Found?> ReadAsync(Urn urn, string id, Map? outputs, Map? inputs, double timeout, bool asStep = true);

    /// <returns>The outputs.</returns>
    Task<Map> UpdateAsync(ResourceState old, Map news, double timeout, ImmutableArray<string> ignoreChanges, bool preview);

    Task DeleteAsync(ResourceState old);

    Task<Value> InvokeAsync(string function, Map arguments, bool preview);
}

/// <param name="Failures">What is wrong with the inputs.</param>
internal sealed record Checked(Map Inputs, ImmutableArray<CheckFailure> Failures);

/// <summary>What automatic names are generated from (protocol 4.5).</summary>
/// <param name="Options">The options; null: nothing is configured, or the provider takes none.</param>
internal sealed record Naming(ReadOnlyMemory<byte> Seed, CheckRequest.Types.AutonamingOptions? Options);

/// <param name="Id">The id; null in a preview.</param>
internal sealed record Made(string? Id, Map Outputs);

/// <param name="Inputs">The inputs; null: the provider returned none.</param>
internal sealed record Found(string Id, Map Outputs, Map? Inputs);
