using System.Collections.Immutable;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>The targets of the run, and the resources that it must replace.</summary>
internal sealed class Targets(Run run, Ledger ledger)
{
    private readonly ImmutableHashSet<string> only = [.. run.Choice.Targets];
    private readonly ImmutableHashSet<string> replaced = [.. run.Choice.Replace];

    public bool Confined => !only.IsEmpty;

    /// <summary>True for a target, or a dependant of one. Providers are always included.</summary>
    public bool Include(Urn urn, IEnumerable<Urn> needed)
    {
        if (!Confined || only.Contains(urn.ToString()) || ProviderRegistry.IsProvider(urn))
            return true;
        return run.Choice.TargetDependents && needed.Any(other => only.Contains(other.ToString()) || ledger.IsTarget(other));
    }

    /// <summary>True for a target that was named itself.</summary>
    public bool Name(Urn urn) => !Confined || only.Contains(urn.ToString());

    /// <summary>True for a resource to replace, regardless of changes (protocol 4.2.3).</summary>
    public bool Replace(Urn urn, ResourceState? old) => replaced.Contains(urn.ToString()) || old is { Taint: true };

    /// <summary>Requires that every named target exists.</summary>
    public void Verify()
    {
        foreach (var urn in only.Union(replaced).Where(urn => run.Base.Find(Urn.Parse(urn)) is null && !ledger.IsOver(Urn.Parse(urn)) && !ledger.IsSkipped(Urn.Parse(urn))))
            run.Log.Error(null, $"\"{urn}\" was named as a target and is in neither the state nor the program.");
    }
}
