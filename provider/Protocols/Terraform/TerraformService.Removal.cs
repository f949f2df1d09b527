using System.Collections.Immutable;
using Google.Protobuf;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Schema.Types;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// What a plan can tell of what goes. Terraform destroys before it changes anything in place, so an application cannot leave a server in the apply
/// that takes it away: whichever of the two is planned second is refused. (With create_before_destroy it could, but a plan is not told of that.)
/// </summary>
internal sealed partial class TerraformService
{
    private const string Application = "Application", Database = "Database";
    private const string TwoApplies = "Terraform destroys before it changes what is bound to it: do it in two applies, first the application's change and then this one";

    /// <summary>What the plan hands on to the apply, which is another process: that a database need not be dropped.</summary>
    private static readonly ByteString GoesAlong = ByteString.CopyFromUtf8("goes with its server");

    /// <summary>Of what is destroyed for good. Which applications are destroyed too may be planned later.</summary>
    private async Task<ImmutableArray<Problem>> DestructionAsync(TerraformResource resource, Map prior, ICollection<Diagnostic> warnings)
    {
        var id = TerraformResource.IdOf(prior);
        if (Resource.IsProtected(prior))
        {
            return [resource.Resource.Refusal(id)];
        }
        run.Memory.Remove(resource.TypeName, resource.Thing(id));
        await WarnOfLossAsync(resource, prior, warnings, isReplacement: false);
        return [.. Loses(resource, prior), .. await BoundAsync(resource, prior, application => run.Memory.HolderOf(new(Application, application)) is not null)];
    }

    /// <summary>Of what goes for a new one.</summary>
    private async Task<ImmutableArray<Problem>> ReplacementAsync(TerraformResource resource, Map prior)
    {
        run.Memory.Replace(resource.TypeName, resource.Thing(TerraformResource.IdOf(prior)));
        return [.. Loses(resource, prior), .. await BoundAsync(resource, prior, application => !run.Memory.Leaves(new(Application, application)))];
    }

    private ImmutableArray<Problem> Loses(TerraformResource resource, Map prior)
    {
        var id = TerraformResource.IdOf(prior);
        var problem = resource.Resource.Space == InstanceReferences.Space ? run.Sources.Lose(Called(resource, id), id, prior)
            : resource.Resource.Name == Database && prior["onDelete"] is not StringValue { Value: "retain" } ? run.Sources.Drop(id)
            : null;
        return problem is null ? [] : [problem];
    }

    /// <summary>Of what is to be made.</summary>
    private ImmutableArray<Problem> Reads(TerraformResource resource, Map planned) =>
        run.Sources.Read(Called(resource, (planned["name"] as StringValue)?.Value), planned) is { } problem ? [problem] : [];

    /// <summary>As near to its address as a provider is told.</summary>
    private static string Called(TerraformResource resource, string? name) => name is null ? resource.TypeName : $"{resource.TypeName} \"{name}\"";

    private async Task<ImmutableArray<Problem>> BoundAsync(TerraformResource resource, Map prior, Func<string, bool> counts) =>
        resource.Resource.Space != InstanceReferences.Space
            ? []
            : [.. (await foresight.RemovalAsync(resource.Resource, TerraformResource.IdOf(prior), resource.Own(prior), counts)).Select(problem => problem with { Reason = $"{problem.Reason} {TwoApplies}." })];

    /// <summary>
    /// Of a database whose server goes in the same run. Dropped first, it would be lost if the server is then not replaced after all, as under
    /// create_before_destroy with a fixed name; and of a server that is stopped, none could be dropped.
    /// </summary>
    private ByteString Fate(TerraformResource resource, Map prior) =>
        resource.Resource.Name == Database && prior["instance"] is StringValue { Value: var instance } && run.Memory.Leaves(new(InstanceReferences.Space, instance)) ? GoesAlong : ByteString.Empty;

    /// <summary>Of what is changed in place: an application holds on to its server until then.</summary>
    private ImmutableArray<Problem> Stays(TerraformResource resource, Map prior)
    {
        run.Memory.Keep(resource.TypeName, resource.Thing(TerraformResource.IdOf(prior)));
        return resource.Resource.Name == Application && prior["instance"] is StringValue { Value: var instance } && run.Memory.Leaves(new(InstanceReferences.Space, instance))
            ? [new("instance", $"cannot change while \"{instance}\", which the application is bound to, is destroyed in the same apply. {TwoApplies}.")]
            : [];
    }

    /// <summary>A source that is made in this very apply holds nothing of before it.</summary>
    private Problem? MadeAnew(Map planned) =>
        planned["sourceInstance"] is not Unknown || planned["restoreTime"] is not StringValue { Value: var text } || RestoreTime.Parse(text) is not { } time ? null
        : time.Instant is { } instant && instant <= TimeProvider.System.GetUtcNow()
            ? new("restoreTime", $"\"{text}\" lies before this plan, and sourceInstance is only made in the same apply: nothing of that instant is on it. Restore first, in an apply of its own, and write sourceInstance as a text where the server is there already.")
        : time.Instant is null && run.Memory.AnyLeaves(InstanceReferences.Space)
            ? new("restoreTime", "is latest, and sourceInstance is made anew in the same apply: the copy would be empty. Restore first, in an apply of its own.")
        : null;
}
