using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MiniEngine.Values;

namespace MiniEngine;

/// <summary>What a run did, or in a preview would do.</summary>
internal sealed record StackResult
{
    public required bool Succeeded { get; init; }
    public required ImmutableArray<Step> Steps { get; init; }
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }
    /// <summary>Secrets in clear; in a preview "[unknown]" stands for what is not known yet.</summary>
    public required JsonObject Outputs { get; init; }
    public required ImmutableSortedSet<string> SecretOutputs { get; init; }
    /// <summary>As recorded when the run ended; providers, and what is about to be deleted, are among them.</summary>
    public required ImmutableArray<ResourceView> Resources { get; init; }
    /// <summary>An import's alone: the resource as it would stand in the program.</summary>
    public string? Program { get; init; }

    public ResourceView this[string name] =>
        Resources.Single(resource => resource.Name == name && !resource.AboutToBeDeleted);

    /// <summary>What was done to the resource of that name, in order.</summary>
    public IEnumerable<Op> StepsOf(string name) => Steps.Where(step => step.Name == name).Select(step => step.Op);

    public IEnumerable<string> Errors => Diagnostics.Where(diagnostic => diagnostic.Severity is Severity.Error).Select(diagnostic => diagnostic.Message);
}

/// <summary>Refreshing yields Same, Update or Delete: what was found out.</summary>
internal enum Op { Same, Create, Update, Delete, CreateReplacement, DeleteReplaced, Read, Import }

/// <param name="Error">Null: it was done.</param>
internal sealed record Step(Urn Urn, Op Op, ImmutableArray<PropertyChange> Changes, string? Error)
{
    public string Name => Urn.Name;

    public string Type => Urn.Type;
}

internal enum Severity { Debug, Info, Warning, Error }

/// <param name="Urn">Null: of the run as a whole.</param>
internal sealed record Diagnostic(Severity Severity, Urn? Urn, string Message);

/// <param name="Inputs">Secrets in clear.</param>
/// <param name="Outputs">Secrets in clear.</param>
/// <param name="SecretOutputs">The outputs that are secret, or have something secret in them.</param>
internal sealed record ResourceView(
    Urn Urn, string Id, JsonObject Inputs, JsonObject Outputs, ImmutableSortedSet<string> SecretOutputs,
    bool Protect, bool PendingReplacement, bool AboutToBeDeleted, ImmutableArray<string> InitErrors)
{
    public string Name => Urn.Name;

    public string Type => Urn.Type;
}
