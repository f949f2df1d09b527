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
    /// <summary>The outputs, with secrets in clear; in a preview, "[unknown]" replaces unknown values.</summary>
    public required JsonObject Outputs { get; init; }
    public required ImmutableSortedSet<string> SecretOutputs { get; init; }
    /// <summary>The recorded resources at the end of the run, including providers and those pending deletion.</summary>
    public required ImmutableArray<ResourceView> Resources { get; init; }
    /// <summary>For an import: the resource as program text.</summary>
    public string? Program { get; init; }

    public ResourceView this[string name] =>
        Resources.Single(resource => resource.Name == name && !resource.AboutToBeDeleted);

    /// <summary>The steps for the resource of a name, in order.</summary>
    public IEnumerable<Op> StepsOf(string name) => Steps.Where(step => step.Name == name).Select(step => step.Op);

    public IEnumerable<string> Errors => Diagnostics.Where(diagnostic => diagnostic.Severity is Severity.Error).Select(diagnostic => diagnostic.Message);
}

/// <summary>The kinds of steps. A refresh yields Same, Update or Delete, according to what it observed.</summary>
internal enum Op { Same, Create, Update, Delete, CreateReplacement, DeleteReplaced, Read, Import }

/// <param name="Error">The error; null: it succeeded.</param>
internal sealed record Step(Urn Urn, Op Op, ImmutableArray<PropertyChange> Changes, string? Error)
{
    public string Name => Urn.Name;

    public string Type => Urn.Type;
}

internal enum Severity { Debug, Info, Warning, Error }

/// <param name="Urn">The resource; null: the run as a whole.</param>
internal sealed record Diagnostic(Severity Severity, Urn? Urn, string Message);

/// <param name="Inputs">The inputs, with secrets in clear.</param>
/// <param name="Outputs">The outputs, with secrets in clear.</param>
/// <param name="SecretOutputs">The outputs that are secret, or contain a secret.</param>
internal sealed record ResourceView(
    Urn Urn, string Id, JsonObject Inputs, JsonObject Outputs, ImmutableSortedSet<string> SecretOutputs,
    bool Protect, bool PendingReplacement, bool AboutToBeDeleted, ImmutableArray<string> InitErrors)
{
    public string Name => Urn.Name;

    public string Type => Urn.Type;
}
