using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local;

/// <summary>A folder for archives outside the home, like another disk.</summary>
internal sealed class BackupDisk : IAsyncDisposable
{
    private BackupDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<BackupDisk> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pgf-disk-").FullName;
        await CliWrap.Cli.Wrap("chown").WithArguments([ScratchServer.ServiceUser, folder]).ExecuteAsync();
        return new(folder);
    }

    public ServerSpec Spec() => TestHome.Spec() with { Placement = new() { ArchiveDirectory = Folder } };

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
