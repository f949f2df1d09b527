using System.Collections.Immutable;
using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>How to reproduce a recorded run: the program of the same name in the folder of the recordings, and what the calls themselves do not contain.</summary>
/// <param name="Phases">The runs, one after the other; each begins with the same state, except one that has a program of its own.</param>
internal sealed record Case(string Name, params ImmutableArray<Func<MiniStack, CancellationToken, Task<StackResult>>> Phases)
{
    /// <summary>There was no earlier state, although calls contain old values: an import read them.</summary>
    public bool Nothing { get; init; }

    /// <summary>Recorded resources that occur in no call.</summary>
    public ImmutableArray<(string Name, string Id)> Unseen { get; init; } = [];

    /// <summary>The phase in which they are pending.</summary>
    public ImmutableArray<(int Phase, string Name)> PendingReplacement { get; init; } = [];

    public ImmutableArray<(string Name, string Id)> PendingDeletion { get; init; } = [];

    public ImmutableArray<string> Tainted { get; init; } = [];

    /// <summary>The resources' providers at that time, where the program now declares others.</summary>
    public ImmutableDictionary<string, string> OldProviders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The call that is running when Ctrl-C comes, such as "Create srv".</summary>
    public string? Interrupted { get; init; }

    /// <summary>Reads without dependencies, whose order has no meaning.</summary>
    public bool SideBySide { get; init; }

    public bool Attached { get; init; }

    public (string Key, string Value)? Configured { get; init; }

    public override string ToString() => Name;
}
