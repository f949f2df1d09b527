using System.Collections.Immutable;
using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>How a recorded run is had again: the program of the same name in the folder of the recordings, and what the calls themselves do not tell.</summary>
/// <param name="Phases">What was run, one after the other; each begins with the same state, but for one that has a program of its own.</param>
internal sealed record Case(string Name, params ImmutableArray<Func<MiniStack, CancellationToken, Task<StackResult>>> Phases)
{
    /// <summary>Nothing was recorded before, although calls carry something old: an import read it.</summary>
    public bool Nothing { get; init; }

    /// <summary>Resources that were recorded, and that no call carries.</summary>
    public ImmutableArray<(string Name, string Id)> Unseen { get; init; } = [];

    /// <summary>In the phase named.</summary>
    public ImmutableArray<(int Phase, string Name)> PendingReplacement { get; init; } = [];

    public ImmutableArray<(string Name, string Id)> PendingDeletion { get; init; } = [];

    public ImmutableArray<string> Tainted { get; init; } = [];

    /// <summary>The providers that resources had, where the program says otherwise now.</summary>
    public ImmutableDictionary<string, string> OldProviders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The call, such as "Create srv", that is under way when Ctrl-C comes.</summary>
    public string? Interrupted { get; init; }

    /// <summary>Reads that wait for nothing: their order means nothing.</summary>
    public bool SideBySide { get; init; }

    public bool Attached { get; init; }

    public (string Key, string Value)? Configured { get; init; }

    public override string ToString() => Name;
}
