using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>Takes a base backup, and waits for it.</summary>
internal sealed class FirstBackup(Home home, HelperRun helper)
{
    public Task TakeAsync(ServerRecord record, Work work) => helper.RunAsync(
        step => work.Step("taking the first base backup", step.Done, step.Of),
        words => new(FailureKind.Unavailable, $"Instance \"{record.Name}\" runs, but its first base backup came to nothing: {words}", "Correct what it names, then run this again: it goes on from here."),
        work.Cancel,
        Archive.ArchiveProgram.BaseBackup,
        home.Of(record.Name).ArchiveConfig);
}
