using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Functions;

/// <summary>Functions that read applications. They change nothing.</summary>
internal sealed class ApplicationFunctions(ApplicationStore store)
{
    public Task<ListApplicationVersionsResult> ListVersionsAsync(ListApplicationVersionsArgs args, CancellationToken cancel)
    {
        var record = store.Find(args.Application) ?? throw new ResourceFailure(
            FailureKind.Missing,
            $"There is no application \"{args.Application}\".",
            store.List().Select(known => $"\"{known.Name}\"").ToList() is { Count: > 0 } names ? $"This fleet has {string.Join(", ", names)}." : "This fleet has none yet.");
        var active = args.At?.Instant is not { } instant ? record.Current : record.ActiveAt(instant) ?? throw TooEarly(record);
        return Task.FromResult(new ListApplicationVersionsResult
        {
            Versions = [.. record.Versions.Select(Summary)],
            Active = active.Id,
        });
    }

    // A failure, because an absent result would mean "no previous version", and deploy the directory's content.
    private static ResourceFailure TooEarly(ApplicationRecord record) => new(
        FailureKind.Missing,
        $"Application \"{record.Name}\" had no version yet at that instant.",
        $"Its first, \"{record.Versions[0].Id}\", is of {RecoveryWindow.Time(record.Versions[0].Time)}.");

    private static ApplicationVersionSummary Summary(ApplicationVersion version) => new()
    {
        Id = version.Id,
        Time = RecoveryWindow.Time(version.Time),
        Instance = version.Instance,
        SourceHash = version.SourceHash,
    };
}
