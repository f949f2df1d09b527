using System.Collections.Immutable;
using MiniEngine.State;
using MiniEngine.Values;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>Answers in place of a provider whose configuration is not known yet in a preview (protocol 4.1).</summary>
internal sealed class UnconfiguredProvider(Action<Urn> warn) : IProvider
{
    public Task<Checked> CheckAsync(Urn urn, Map olds, Map news, Naming naming) => Task.FromResult(new Checked(news, []));

    public Task<DiffResponse> DiffAsync(ResourceState old, Map news, ImmutableArray<string> ignoreChanges)
    {
        warn(old.Urn);
        return Task.FromResult(new DiffResponse { Changes = DiffResponse.Types.DiffChanges.DiffSome });
    }

    public Task<Made> CreateAsync(Urn urn, Map inputs, double timeout, bool preview) => Task.FromResult(new Made(null, Map.Empty));

    public Task<Found?> ReadAsync(Urn urn, string id, Map? outputs, Map? inputs, double timeout, bool asStep) => Task.FromResult<Found?>(new(id, Map.Empty, Map.Empty));

    public Task<Map> UpdateAsync(ResourceState old, Map news, double timeout, ImmutableArray<string> ignoreChanges, bool preview) => Task.FromResult(Map.Empty);

    public Task DeleteAsync(ResourceState old) => Task.CompletedTask;

    public Task<Value> InvokeAsync(string function, Map arguments, bool preview) => Task.FromResult<Value>(Unknown.Instance);
}
