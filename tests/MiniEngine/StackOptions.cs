using System.Collections.Immutable;
using Grpc.Core;

namespace MiniEngine;

/// <summary>How a stack is run.</summary>
internal sealed record StackOptions
{
    public string Stack { get; init; } = "dev";

    /// <summary>Resources worked on at once.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Up starts without the preview that goes before it.</summary>
    public bool SkipPreview { get; init; }

    /// <summary>Gives a provider of a package that is a part of this process, made afresh as a process is; null: there is none.</summary>
    public Func<string, CallInvoker?>? InProcess { get; init; }

    /// <summary>Whether providers can reach the engine, to log. Without that a run of providers in this process takes half the time.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>Over this process's own variables, for the engine and its providers.</summary>
    public ImmutableSortedDictionary<string, string?> Environment { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) ? value : System.Environment.GetEnvironmentVariable(name);
}
