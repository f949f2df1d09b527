namespace PgFleet.Resources;

/// <summary>What a preflight may ask about the run that it is part of.</summary>
internal sealed record PreflightContext(CancellationToken Cancel)
{
    /// <summary>Whether this run has planned to create an instance of that name.</summary>
    public Func<string, bool> IsPlanned { get; init; } = _ => false;

    /// <summary>The version of an instance that this run makes: empty for the newest there is, null when it is not to be told.</summary>
    public Func<string, string?> PlannedVersion { get; init; } = _ => null;

    /// <summary>The id of the resource that is deleted before this one is created: what it holds will be free.</summary>
    public string? DeletedFirst { get; init; }

    /// <summary>The Pulumi resource that is planned; null: one of Terraform's, which have no such name.</summary>
    public string? Urn { get; init; }

    /// <summary>Something is deleted first if the preflight finds nothing to refuse.</summary>
    public bool IsProof { get; init; }

    /// <summary>How the URNs of a stack's resources begin, where a server matters only if it is one of these; null: it is known to be deleted.</summary>
    public string? Stack { get; init; }

    /// <summary>Whether an application that is bound to a server counts when that is to be deleted; null: each does.</summary>
    public Func<string, bool>? Counts { get; init; }
}
