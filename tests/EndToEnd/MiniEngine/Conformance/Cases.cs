using System.Collections.Immutable;
using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>All recordings.</summary>
internal static class Cases
{
    public static ImmutableArray<Case> All { get; } =
    [
        new("application-ignore-changes", Preview),
        new("attach", Up) { Attached = true },
        new("autonaming-disabled", Preview) { Configured = ("pulumi:autonaming", """{ "mode": "disabled" }""") },
        new("autonaming-pattern", Preview) { Configured = ("pulumi:autonaming", """{ "pattern": "x_${name}_${string(4)}" }""") },
        new("autonaming-verbatim", Preview) { Configured = ("pulumi:autonaming", """{ "mode": "verbatim" }""") },
        new("cancelled-after-restore", Up) { Interrupted = "Create shop" },
        new("custom-timeout", Up),
        new("default-provider-with-a-list", Preview) { Configured = ("pgfleet:binDirectories", """["/usr/lib/postgresql/15/bin"]""") },
        new("delete-first-with-an-application", Up),
        new("delete-first-with-protected-dependant", Preview, Preview) { PendingReplacement = [(1, "d1u")] },
        new("deleted-with", Destroy) { Unseen = [("db", "dwsrv/d1"), ("app", "dwapp")] },
        new("first-preview", Preview),
        new("first-up", Up),
        new("get-database-with-partial-state", Up),
        new("get-with-state", Up),
        new("ignore-changes", Up),
        new("import-option-with-changes", Up) { Nothing = true },
        new("import-server", Import) { Nothing = true },
        new("interrupt", Up) { Interrupted = "Create srv" },
        new("interrupted-delete-first", Up) { Interrupted = "Create undone" },
        new("interrupted-delete", Destroy) { Interrupted = "Delete srv" },
        new("invoke-in-preview", Preview),
        new("pending-delete-after-import", Up) { PendingDeletion = [("srv", "chsrc")] },
        new("pending-replacement-after-cancel", Preview, Up) { PendingReplacement = [(1, "shop"), (2, "shop")] },
        new("pending-replacement-database", Preview, Up) { PendingReplacement = [(1, "d1u"), (2, "d1u")] },
        new("pending-replacement-server", Preview, Up) { PendingReplacement = [(1, "undone"), (2, "undone")] },
        new("provider-config-unknown", Preview),
        new("provider-killed", Up),
        new("provider-of-a-resource-changes", Preview) { OldProviders = ImmutableDictionary<string, string>.Empty.Add("db", "pb") },
        new("refresh-preview-only", Refresh) { SideBySide = true },
        new("refresh-run-program", RefreshAlong),
        new("replace-on-changes", Up),
        new("replace-with-preview", Preview) { Unseen = [("d2", "rwsrv/dd2")] },
        new("resume-after-init-error", Up),
        new("retry-of-interrupted", Up) { PendingReplacement = [(1, "undone"), (1, "d1u")] },
        new("taint", Up) { Unseen = [("d3", "optsrv/d3")], Tainted = ["d3"] },
        new("target-replace-delete-first", UpReplacing("d3")) { Unseen = [("srv", "optsrv")] },
        new("target-replace-of-what-is-gone", PreviewReplacing("d4"), UpReplacing("d4")) { Unseen = [("srv", "optsrv")] },
        new("unchanged-preview-and-up", Preview, Up),
        new("unknown-everywhere", Preview),
        new("up-refresh-run-program", UpRefreshingAlong),
        new("update-to-unknown", Preview),
        new("version-and-download-url", Preview),
    ];

    private static Task<StackResult> Preview(MiniStack stack, CancellationToken cancel) => stack.PreviewAsync(cancel: cancel);

    private static Task<StackResult> Up(MiniStack stack, CancellationToken cancel) => stack.UpAsync(cancel: cancel);

    private static Task<StackResult> UpRefreshingAlong(MiniStack stack, CancellationToken cancel) => stack.UpAsync(new() { Refresh = true, RunProgram = true }, cancel);

    private static Task<StackResult> Refresh(MiniStack stack, CancellationToken cancel) => stack.RefreshAsync(cancel: cancel);

    private static Task<StackResult> RefreshAlong(MiniStack stack, CancellationToken cancel) => stack.RefreshAsync(new() { RunProgram = true }, cancel);

    private static Task<StackResult> Destroy(MiniStack stack, CancellationToken cancel) => stack.DestroyAsync(cancel: cancel);

    private static Task<StackResult> Import(MiniStack stack, CancellationToken cancel) => stack.ImportAsync("pgfleet:index:DatabaseInstance", "srv", "optsrv", cancel: cancel);

    private static Func<MiniStack, CancellationToken, Task<StackResult>> UpReplacing(string name) =>
        (stack, cancel) => stack.UpAsync(RunOptions.TargetReplace(Database(name)), cancel);

    private static Func<MiniStack, CancellationToken, Task<StackResult>> PreviewReplacing(string name) =>
        (stack, cancel) => stack.PreviewAsync(RunOptions.TargetReplace(Database(name)), cancel);

    private static string Database(string name) => $"urn:pulumi:dev::opts::pgfleet:index:Database::{name}";
}
