using System.Collections.Immutable;

namespace MiniEngine;

/// <summary>The options of a run.</summary>
internal sealed record RunOptions
{
    /// <summary>Refreshes the state first.</summary>
    public bool Refresh { get; init; }

    /// <summary>Runs the program in a refresh or a destroy, too; each resource is read when the program reaches it.</summary>
    public bool RunProgram { get; init; }

    /// <summary>The URNs of the only resources to touch, with their providers; none: everything.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Includes the dependants of targets.</summary>
    public bool TargetDependents { get; init; }

    /// <summary>The URNs of resources to replace, regardless of changes.</summary>
    public ImmutableArray<string> Replace { get; init; } = [];

    /// <summary>Ends the engine as <c>kill -9</c> would: the recorded state stays, providers are not told, and those that it started continue until they notice.</summary>
    public CancellationToken Kill { get; init; }

    /// <summary><c>--target-replace</c>: replaces only these.</summary>
    public static RunOptions TargetReplace(params ImmutableArray<string> urns) => new() { Targets = urns, Replace = urns };
}
