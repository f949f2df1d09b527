namespace PgFleet.Resources;

/// <summary>What a preflight gets to know about the run.</summary>
internal sealed record PreflightContext(CancellationToken Cancel)
{
    /// <summary>Whether this run has planned to create an instance of that name.</summary>
    public Func<string, bool> IsPlanned { get; init; } = _ => false;

    /// <summary>The version of an instance that this run creates: empty for the newest installed; null when it cannot be known.</summary>
    public Func<string, string?> PlannedVersion { get; init; } = _ => null;

    /// <summary>The id of a resource that will have been deleted before this one is created, so that its port and folders are free.</summary>
    public string? DeletedFirst { get; init; }

    /// <summary>The Pulumi URN of the planned resource; null for Terraform, which has no such name.</summary>
    public string? Urn { get; init; }

    /// <summary>True if the resource is deleted first unless the preflight finds a reason to refuse.</summary>
    public bool IsProof { get; init; }

    /// <summary>
    /// The prefix of the URNs of a stack's resources: a server matters only if it belongs to that stack. Null: the server is known to be deleted.
    /// </summary>
    public string? Stack { get; init; }

    /// <summary>Whether an application bound to a server counts when that server is to be deleted; null: every application counts.</summary>
    public Func<string, bool>? Counts { get; init; }
}
