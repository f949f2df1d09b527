using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Takes an instance's first base backup, and waits for it.</summary>
internal sealed class FirstBackup(Home home, HelperProcess helper)
{
    public Task TakeAsync(ServerRecord record, OperationContext work) => helper.RunAsync(
        step => work.Step("taking the first base backup", step.Done, step.Of),
        $"Instance \"{record.Name}\" runs, but its first base backup came to nothing, and the next run goes on from here:",
        work.Cancel,
        ArchiveCommands.BaseBackup,
        home.Of(record.Name).ArchiveConfig);
}
