using System.Text.Json;
using CliWrap.Buffered;
using PgFleet.Archives;
using PgFleet.Archives.Helper;

namespace PgFleet.Tests.Archives.Backup;

/// <summary>A damaged description affects one backup, and not the archive.</summary>
public sealed class DamagedDescriptionTests
{
    [Theory]
    [InlineData("backup.json", "", "does not read")]
    [InlineData("backup.json", null, "has no backup.json")]
    [InlineData("backup.json", "{\"format\": 1}", "does not read")]
    [InlineData("backup.json", "null", "does not read")]
    [InlineData("backup.json", "newer", "is written in format 99")]
    [InlineData("backup.json", "position", "does not read")]
    [InlineData("backup.json", "other", "is of the server with system identifier 42")]
    [InlineData("data/backup_manifest", "", "does not read")]
    [InlineData("data/backup_manifest", null, "does not read")]
    public async Task One_that_does_not_read_is_told_and_passed_over(string file, string? content, string damage)
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        var first = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(200));
        await server.Server.ScalarAsync("create table kept as select generate_series(1, 1000)");
        var second = await server.TakeCheckedBackupAsync();
        Write(Path.Combine(server.Layout.Backup(second.Name), file), content);

        var report = await InspectAsync(server);
        Assert.Equal([null, true], report.Backups.Select(backup => backup.Damage?.Contains(damage, StringComparison.Ordinal)));
        Assert.NotEmpty(report.Ranges);
        await using (var recovered = await RecoverAsync(server, first))
        {
            Assert.Equal(1000L, await recovered.ScalarAsync("select count(*) from kept"));
        }

        var third = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(100));
        // Within the retention, because a larger step would count as a clock jump.
        var fourth = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(50));
        var fifth = await server.TakeCheckedBackupAsync();
        Assert.Equal([third.Name, fourth.Name, fifth.Name], server.Catalogue.List().Where(backup => backup.IsGood).Select(backup => backup.Name).TakeLast(3));
        Assert.DoesNotContain(first.Name, server.Catalogue.List().Select(backup => backup.Name)); // expiry still works
    }

    [Fact]
    public async Task What_is_no_backup_at_all_is_told_and_passed_over()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeCheckedBackupAsync();
        await ScratchServer.AsServiceUserAsync("mkdir", server.Layout.Backup("old"), server.Layout.Backup(".snapshot"), server.Layout.Backup("lost+found"));
        await ScratchServer.AsServiceUserAsync("touch", server.Layout.Backup("notes.txt"));
        await server.TakeCheckedBackupAsync();
        var report = await InspectAsync(server);
        Assert.Equal(["notes.txt", "old"], report.Backups.Where(backup => backup.Damage is not null).Select(backup => backup.Name).Order());
        Assert.Equal(2, report.Backups.Count(backup => backup.Damage is null));
        Assert.True(Directory.Exists(server.Layout.Backup(".snapshot")));
    }

    [Fact]
    public async Task One_whose_description_does_not_read_does_not_count_when_the_next_is_due()
    {
        await using var server = await ArchivedServer.StartAsync();
        var backup = await server.TakeCheckedBackupAsync();
        Write(Path.Combine(server.Layout.Backup(backup.Name), "data/backup_manifest"), "");
        await server.ArchiveAllAsync();
        await Eventually.TrueAsync(() => server.Catalogue.List().Count == 2, "a backup was taken");
    }

    [Fact]
    public async Task An_identity_that_does_not_read_says_what_to_write()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeCheckedBackupAsync();
        await File.WriteAllTextAsync(server.Layout.Identity, "");
        var refused = await server.BaseBackupAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("does not say whose it is", refused.StandardError, StringComparison.Ordinal);
        var right = refused.StandardError[refused.StandardError.IndexOf('{', StringComparison.Ordinal)..];
        await File.WriteAllTextAsync(server.Layout.Identity, right);
        await server.TakeCheckedBackupAsync();
    }

    private static void Write(string path, string? content)
    {
        if (content is null)
        {
            File.Delete(path);
            return;
        }
        var text = File.ReadAllText(path);
        File.WriteAllText(path, content switch
        {
            "newer" => text.Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal),
            "position" => text.Replace("\"startLsn\": \"", "\"startLsn\": \"x", StringComparison.Ordinal),
            "other" => text.Replace("\"systemIdentifier\": \"", "\"systemIdentifier\": \"42\", \"was\": \"", StringComparison.Ordinal),
            _ => content,
        });
    }

    private static async Task<ArchiveReport> InspectAsync(ArchivedServer server)
    {
        var result = await ArchivedServer.Command(ArchiveCommands.RecoveryWindow, server.ConfigPath).ExecuteBufferedAsync();
        Assert.True(result.IsSuccess, result.StandardError);
        return JsonSerializer.Deserialize(result.StandardOutput["done ".Length..], ArchiveJson.Default.ArchiveReport)!;
    }

    private static async Task<ScratchServer> RecoverAsync(ArchivedServer server, BaseBackup backup)
    {
        await server.ArchiveAllAsync();
        return await server.RecoverAsync(backup);
    }
}
