using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;
using Pulumirpc;
using static Pulumirpc.DiffResponse.Types;
using static Pulumirpc.PropertyDiff.Types;

namespace MiniEngine.Deployments;

internal enum Verdict { Same, Update, Replace }

/// <summary>What a provider's Diff comes to (protocol 4.2.4).</summary>
internal sealed record Decision(Verdict Verdict, bool DeleteFirst, ImmutableArray<PropertyChange> Changes)
{
    public static Decision Of(DiffResponse diff, ResourceState old, Map news, ResourceOptions options)
    {
        var compared = Comparison.Compare(old.Inputs, news)
            .Where(path => !options.IgnoreChanges.Any(ignored => PropertyPath.Parse(ignored).Covers(path))).ToImmutableArray();
        var changed = diff.Changes switch
        {
            DiffChanges.DiffUnknown => compared is not [],
            DiffChanges.DiffNone => false,
            DiffChanges.DiffSome => true,
            _ => throw new ProviderException($"Diff answered {(int)diff.Changes}, which is no kind of change."),
        };
        if (!changed)
            return new(Verdict.Same, false, []);
        var changes = Changed(diff, old, news, compared).Select(change => change with { Replaces = change.Replaces || Wanted(change, options) }).ToImmutableArray();
        var replace = diff.Replaces is not [] || changes.Any(change => change.Replaces);
        return new(replace ? Verdict.Replace : Verdict.Update, options.DeleteBeforeReplace ?? diff.DeleteBeforeReplace, changes);
    }

    /// <summary>The detailed difference counts only where the provider says that it has one.</summary>
    private static IEnumerable<PropertyChange> Changed(DiffResponse diff, ResourceState old, Map news, ImmutableArray<PropertyPath> compared)
    {
        if (diff.HasDetailedDiff)
            return diff.DetailedDiff.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => Detailed(PropertyPath.Parse(item.Key), item.Value, old, news));
        var paths = compared is [] ? [.. diff.Diffs.Select(key => PropertyPath.Empty.Then(key))] : compared;
        return paths.Select(path =>
        {
            var (before, after) = (path.Find(old.Inputs), path.Find(news));
            return Comparison.Describe(path, Comparison.KindOf(before, after), diff.Replaces.Contains(path.Steps[0]), before, after);
        });
    }

    private static PropertyChange Detailed(PropertyPath path, PropertyDiff diff, ResourceState old, Map news)
    {
        var kind = diff.Kind switch
        {
            Kind.Add or Kind.AddReplace => ChangeKind.Add,
            Kind.Delete or Kind.DeleteReplace => ChangeKind.Delete,
            _ => ChangeKind.Update,
        };
        var replaces = diff.Kind is Kind.AddReplace or Kind.DeleteReplace or Kind.UpdateReplace;
        var before = path.Find(diff.InputDiff ? old.Inputs : old.Outputs);
        return Comparison.Describe(path, kind, replaces, before, path.Find(news));
    }

    private static bool Wanted(PropertyChange change, ResourceOptions options) =>
        options.ReplaceOnChanges.Any(pattern => PropertyPath.Parse(pattern).Covers(PropertyPath.Parse(change.Path)));
}
