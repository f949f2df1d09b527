using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>A base backup because a person wants one.</summary>
internal sealed class BackupNow(Home home, Registry registry, Switches switches, HelperRun helper)
{
    /// <returns>The backup's name.</returns>
    public async Task<string> TakeAsync(string name, Work work)
    {
        var record = registry.Get(name).RequireFinished();
        if (Postmaster.Find(home.Of(name).Data) is null)
        {
            await switches.WakeAsync(name, work.Cancel);
        }
        return await helper.RunAsync(
            step => work.Step(step.Name, step.Done, step.Of),
            words => new(FailureKind.Unavailable, $"The base backup of \"{record.Name}\" came to nothing: {words}", "Correct what it names, then run this again."),
            work.Cancel,
            Archive.ArchiveProgram.BaseBackup,
            home.Of(name).ArchiveConfig);
    }
}
