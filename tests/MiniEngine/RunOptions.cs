using System.Collections.Immutable;

namespace MiniEngine;

/// <summary>What one run is asked for beside its verb.</summary>
internal sealed record RunOptions
{
    /// <summary>The state is brought in line with what is there before anything else.</summary>
    public bool Refresh { get; init; }

    /// <summary>A refresh or a destruction runs the program too; each resource is read as the program comes to it.</summary>
    public bool RunProgram { get; init; }

    /// <summary>The URNs of what alone is touched, together with its provider; none: everything.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>What depends on a target is a target too.</summary>
    public bool TargetDependents { get; init; }

    /// <summary>The URNs of what is replaced, whatever has changed.</summary>
    public ImmutableArray<string> Replace { get; init; } = [];

    /// <summary>Ends the engine as <c>kill -9</c> would: what it has recorded stays, no provider is told, and those that it started go on until they find out.</summary>
    public CancellationToken Kill { get; init; }

    /// <summary><c>--target-replace</c>: replaced, and nothing else touched.</summary>
    public static RunOptions TargetReplace(params ImmutableArray<string> urns) => new() { Targets = urns, Replace = urns };
}
