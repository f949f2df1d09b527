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

/// <summary>The result of a provider's Diff (protocol 4.2.4).</summary>
/// <param name="DeleteFirst">Applies to any replacement, also one without changes.</param>
internal sealed record Decision(Verdict Verdict, bool DeleteFirst, ImmutableArray<PropertyChange> Changes)
{
    /// <summary>The path in <c>replaceOnChanges</c> that stands for an unfinished resource.</summary>
    private static readonly PropertyPath Unfinished = PropertyPath.Empty.Then("#initerror");

    /// <summary>A replacement without a Diff.</summary>
    public static Decision Forced(string because, ResourceOptions options) =>
        new(Verdict.Replace, options.DeleteBeforeReplace ?? false, [new(because, ChangeKind.Update, Replaces: true)]);

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
        var deleteFirst = options.DeleteBeforeReplace ?? diff.DeleteBeforeReplace;
        if (old.InitErrors is not [] && Wanted(Unfinished, options))
            return new(Verdict.Replace, deleteFirst, []);
        if (!changed)
            return new(Verdict.Same, deleteFirst, []);
        var changes = Changed(diff, old, news, compared).Select(change => change with { Replaces = change.Replaces || Wanted(PropertyPath.Parse(change.Path), options) }).ToImmutableArray();
        var replace = diff.Replaces is not [] || changes.Any(change => change.Replaces) || diff.Diffs.Any(key => Wanted(PropertyPath.Parse(key), options));
        return new(replace ? Verdict.Replace : Verdict.Update, deleteFirst, changes);
    }

    /// <summary>True if a provider, or one of its properties, is to be replaced.</summary>
    public static bool Replaces(DiffResponse diff) =>
        diff.Changes is not DiffChanges.DiffNone && (diff.Replaces is not [] || diff.DetailedDiff.Values.Any(Replaces));

    /// <summary>The changes; the detailed diff counts only if the provider says that it has one.</summary>
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
        var before = path.Find(diff.InputDiff ? old.Inputs : old.Outputs);
        return Comparison.Describe(path, kind, Replaces(diff), before, path.Find(news));
    }

    private static bool Replaces(PropertyDiff diff) => diff.Kind is Kind.AddReplace or Kind.DeleteReplace or Kind.UpdateReplace;

    private static bool Wanted(PropertyPath path, ResourceOptions options) =>
        options.ReplaceOnChanges.Any(pattern => PropertyPath.Parse(pattern).Covers(path));
}
