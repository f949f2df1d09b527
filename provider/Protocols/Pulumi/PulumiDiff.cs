using PgFleet.Schema;
using Pulumirpc;
using Kind = Pulumirpc.PropertyDiff.Types.Kind;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Converts a plan to Pulumi's DiffResponse.</summary>
internal static class PulumiDiff
{
    public static DiffResponse Of(Plan plan)
    {
        var response = new DiffResponse
        {
            Changes = plan.Changes.IsEmpty ? DiffResponse.Types.DiffChanges.DiffNone : DiffResponse.Types.DiffChanges.DiffSome,
            DeleteBeforeReplace = plan.DeleteFirst,
            HasDetailedDiff = true,
        };
        // diffs and replaces contain top-level properties, each once; the detailed diff contains paths.
        response.Diffs.AddRange(plan.Changes.Select(TopLevel).Distinct());
        response.Replaces.AddRange(plan.Changes.Where(change => change.Replaces).Select(TopLevel).Distinct());
        foreach (var change in plan.Changes)
        {
            response.DetailedDiff[change.Path] = new() { Kind = KindOf(change.Old, change.New, change.Replaces) };
        }
        return response;
    }

    public static Kind KindOf(Value? old, Value? @new, bool replaces) => (old, @new) switch
    {
        (null, _) => replaces ? Kind.AddReplace : Kind.Add,
        (_, null) => replaces ? Kind.DeleteReplace : Kind.Delete,
        _ => replaces ? Kind.UpdateReplace : Kind.Update,
    };

    private static string TopLevel(Change change) => change.Path.Split('.', '[')[0];
}
