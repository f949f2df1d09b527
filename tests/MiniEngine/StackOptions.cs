using System.Collections.Immutable;
using Grpc.Core;

namespace MiniEngine;

/// <summary>The settings of a stack.</summary>
internal sealed record StackOptions
{
    public string Stack { get; init; } = "dev";

    /// <summary>Number of resources processed in parallel.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Runs up without a preview.</summary>
    public bool SkipPreview { get; init; }

    /// <summary>Creates a provider of a package inside this process, anew like a process; null: there is none.</summary>
    public Func<string, CallInvoker?>? InProcess { get; init; }

    /// <summary>Whether providers can connect to the engine for logging. Without that, runs with providers in this process take half the time.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>Variables for the engine and its providers that override this process's own.</summary>
    public ImmutableSortedDictionary<string, string?> Environment { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) ? value : System.Environment.GetEnvironmentVariable(name);
}
