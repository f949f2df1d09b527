using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Takes a base backup at a user's request.</summary>
internal sealed class BackupNow(Home home, Registry registry, StartStop startStop, HelperProcess helper)
{
    /// <returns>The backup's name.</returns>
    public async Task<string> TakeAsync(string name, OperationContext work)
    {
        var record = registry.Get(name).RequireFinished();
        if (Postmaster.Find(home.Of(name).Data) is null)
        {
            await startStop.StartIfStoppedAsync(name, work.Cancel);
        }
        return await helper.RunAsync(
            step => work.Step(step.Name, step.Done, step.Of),
            $"The base backup of \"{record.Name}\" came to nothing:",
            work.Cancel,
            ArchiveCommands.BaseBackup,
            home.Of(name).ArchiveConfig);
    }
}
