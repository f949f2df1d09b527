using CliWrap.Buffered;
using PgFleet.Archives.Helper;
using PgFleet.Archives;
using PgFleet.Postgres.Wal;
using PgFleet.Tests.Archives.Backup;

namespace PgFleet.Tests.Archives;

public sealed class WalArchiveTests
{
    [Fact]
    public async Task A_server_archives_its_segments_through_the_program()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ArchiveAllAsync();
        await server.ArchiveAllAsync();
        Assert.Equal(0L, await server.Server.ScalarAsync("select failed_count from pg_stat_archiver"));
        // The next segment may be in progress.
        await Eventually.TrueAsync(() => Directory.GetFiles(server.Layout.Wal, ".*").Length == 0, "nothing is left aside");
    }

    [Fact]
    public async Task A_segment_that_was_switched_early_takes_little_room_and_reads_as_it_was()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ArchiveAllAsync();
        await server.ArchiveAllAsync();
        var archived = Segments(server)[^1];
        var blocks = await Cli("stat", "-c", "%b", archived);
        Assert.InRange(long.Parse(blocks) * 512, 1, 256 * 1024);
        Assert.Equal(16 * 1024 * 1024, new FileInfo(archived).Length);
        await Cli(ScratchServer.Tool("pg_waldump"), archived);
    }

    [Fact]
    public async Task The_same_segment_again_is_accepted()
    {
        await using var server = await ArchivedServer.StartAsync();
        var archived = await server.ArchiveOneAsync();
        var again = await server.ArchiveWalAsync(await DenseCopyAsync(server, archived), Path.GetFileName(archived));
        Assert.True(again.IsSuccess, again.StandardError);
        Assert.Empty(Directory.GetFiles(server.Layout.Wal, ".*"));
    }

    [Fact]
    public async Task Other_bytes_under_a_name_that_is_taken_are_refused()
    {
        await using var server = await ArchivedServer.StartAsync();
        var archived = await server.ArchiveOneAsync();
        var (copy, before) = (await DenseCopyAsync(server, archived), await File.ReadAllBytesAsync(archived));
        await using (var file = File.OpenWrite(copy))
        {
            file.Position = file.Length - 1;
            file.WriteByte(1);
        }
        var refused = await server.ArchiveWalAsync(copy, Path.GetFileName(archived));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("exists with other content", refused.StandardError, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(archived));
    }

    [Fact]
    public async Task Another_servers_segment_is_refused()
    {
        await using var server = await ArchivedServer.StartAsync();
        var other = $"{server.Folder}/other";
        await ScratchServer.InitializeAsync(other);
        var refused = await server.ArchiveWalAsync($"{other}/pg_wal/000000010000000000000001", "000000010000000000000001");
        Assert.Equal(1, refused.ExitCode);
        // A control file begins with the system identifier.
        Assert.Contains($"{BitConverter.ToUInt64(await File.ReadAllBytesAsync($"{other}/global/pg_control"))}", refused.StandardError, StringComparison.Ordinal);
        Assert.Empty(Segments(server));
    }

    [Fact]
    public async Task Another_instances_archive_is_refused_even_when_the_system_identifier_is_the_same()
    {
        await using var server = await ArchivedServer.StartAsync();
        var segment = await server.ArchiveOneAsync();
        await server.ConfigureAsync(server.Config with { InstanceId = Guid.NewGuid().ToString(), Name = "restored" });
        var refused = await server.ArchiveWalAsync(segment, "000000010000000000000099");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("belongs to the instance \"main\"", refused.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_identity_is_no_archive()
    {
        await using var server = await ArchivedServer.StartAsync();
        File.Delete(server.Layout.Identity);
        var refused = await server.ArchiveWalAsync(Path.Combine(server.Server.Data, "pg_wal/000000010000000000000001"), "000000010000000000000001");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("identity.json\" does not exist", refused.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_under_another_segments_name_is_refused()
    {
        await using var server = await ArchivedServer.StartAsync();
        var refused = await server.ArchiveWalAsync(await server.ArchiveOneAsync(), "000000010000000000000077");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("0/77000000", refused.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_the_whole_segment_or_none()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.TakeBackupAsync();
        var segment = await DenseCopyAsync(server, Segments(server)[^1]); // the backup needs it, so that it does not expire
        var name = Path.GetFileName(segment);
        var place = Path.Combine(server.Layout.Wal, name);
        for (var delay = 20; delay <= 400; delay += 20)
        {
            File.Delete(place);
            using var kill = new CancellationTokenSource(delay);
            await ArchivedServer.Command(ArchiveCommands.ArchiveWal, server.ConfigPath, segment, name).ExecuteBufferedAsync(kill.Token)
                .Task.ContinueWith(_ => { }, TaskScheduler.Default);
            if (File.Exists(place))
            {
                Assert.Equal(await File.ReadAllBytesAsync(segment), await File.ReadAllBytesAsync(place));
            }
        }
        var again = await server.ArchiveWalAsync(segment, name);
        Assert.True(again.IsSuccess, again.StandardError);
    }

    [Fact]
    public async Task What_it_stores_nobody_else_may_read()
    {
        await using var server = await ArchivedServer.StartAsync();
        Assert.Equal("600", await Cli("stat", "-c", "%a", await server.ArchiveOneAsync()));
        Assert.Equal("700", await Cli("stat", "-c", "%a", server.Layout.Wal));
    }

    private static string[] Segments(ArchivedServer server) =>
        [.. Directory.GetFiles(server.Layout.Wal).Where(path => WalSegment.IsSegment(Path.GetFileName(path))).Order(StringComparer.Ordinal)];

    private static async Task<string> DenseCopyAsync(ArchivedServer server, string segment)
    {
        var copy = $"{server.Folder}/{Path.GetFileName(segment)}";
        await ScratchServer.AsServiceUserAsync("cp", "--sparse=never", segment, copy);
        return copy;
    }

    private static async Task<string> Cli(params string[] command) => (await ScratchServer.AsServiceUserAsync(command)).StandardOutput.Trim();
}
