using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using PgFleet.Fleet;

namespace PgFleet.Histories.Fakes;

/// <summary>Everything that outlives the processes.</summary>
internal sealed record WorldState(ImmutableSortedDictionary<string, FakeServer> Servers, ImmutableList<FakeServer> Deleted, DateTimeOffset Now, string? Identity);

/// <summary>
/// A fake of a machine with servers: what the local engine has on disk is in memory here, and the clock advances with each change. The
/// rules are the local engine's own as far as its records contain them; <see cref="WorldContract"/> holds the fake to the rest.
/// </summary>
internal sealed class FakeWorld
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> locks = new(StringComparer.Ordinal);

    public WorldState State { get; set; } = new(
        ImmutableSortedDictionary.Create<string, FakeServer>(StringComparer.Ordinal), [], DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture), null);

    /// <summary>Provides the paths that records need; nothing exists there.</summary>
    public Home Home { get; } = new("/nowhere");

    public FakeServer? Find(string name) => State.Servers.GetValueOrDefault(name);

    /// <summary>Makes a change, at an instant of its own.</summary>
    public void Edit(Func<WorldState, WorldState> edit)
    {
        lock (gate)
        {
            State = edit(State with { Now = State.Now.AddSeconds(1) });
        }
    }

    public void Put(FakeServer server) => Edit(state => state with { Servers = state.Servers.SetItem(server.Record.Name, server) });

    /// <summary>Changes a server's content.</summary>
    public void Hold(string server, Func<Contents, Contents> edit) => Edit(state =>
        state.Servers.TryGetValue(server, out var there) ? state with { Servers = state.Servers.SetItem(server, there.Holding(edit(there.Contents), state.Now)) } : state);

    /// <summary>Locks a server for one operation at a time.</summary>
    public async Task<IDisposable> TakeAsync(string server, CancellationToken cancel)
    {
        var turn = locks.GetOrAdd(server, _ => new(1));
        await turn.WaitAsync(cancel);
        return new Held(turn);
    }

    private sealed class Held(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
