using PgFleet.Engines;
using PgFleet.Engines.Local.Archive;

namespace PgFleet.Tests.Engines.Local;

/// <summary>The life cycle with the program that archives in earnest.</summary>
public sealed class RealArchiveTests
{
    [Fact]
    [Trait("Requirement", "R21")]
    public async Task A_new_server_has_a_base_backup_and_archives_what_follows()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync();
        var backup = Assert.Single(new BackupCatalogue(home.Paths().Archive).List());
        Assert.Equal(home.Record()!.SystemIdentifier, backup.SystemIdentifier);
        var segment = (string)(await home.AskAdminAsync("select pg_walfile_name(pg_switch_wal()) from (select pg_current_xact_id()) as work"))!;
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(home.Paths().Archive, "wal", segment)), $"{segment} is archived");
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }
}
