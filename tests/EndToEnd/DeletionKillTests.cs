namespace PgFleet.EndToEnd;

/// <summary>An interrupted deletion: completed parts stay completed, and what is kept can be restored.</summary>
public sealed class DeletionKillTests
{
    private const string Outputs = "uri: ${main.connectionUri}";

    [Theory]
    [InlineData("the server is stopped", true)]
    [InlineData("the name is free", true)]
    [InlineData("the files are going", true)]
    [InlineData("the name is free", false)]
    public async Task A_deletion_whose_provider_is_killed_is_finished_by_the_next_and_loses_nothing_that_is_kept(string point, bool keeps)
    {
        await using var work = new Workplace();
        await BeginAsync(work, keeps);
        var destroy = work.Stack.DestroyAsync();
        while (!IsAt(work, point) && !destroy.IsCompleted)
        {
            await Task.Delay(1);
        }
        work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        await destroy; // on a slow machine it ended before it could be killed

        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Empty(Names(work, "instances"));
        Assert.Empty(Names(work, "trash"));
        Assert.DoesNotContain(work.CommandLines(), process => process.Contains(work.Home, StringComparison.Ordinal));
        if (!keeps)
        {
            Assert.Empty(Names(work, "deleted"));
            return;
        }
        Assert.Equal(["archive", "archive.json", "deleted.json", "record.json"], Names(work, "deleted", Assert.Single(Names(work, "deleted"))));
        await RestoresAsync(work);
    }

    /// <summary>The provider and its child processes, under a umask of 0.</summary>
    [Fact]
    public async Task Nobody_else_reads_or_writes_what_is_kept_of_a_deleted_server_whatever_the_umask()
    {
        await using var work = new Workplace();
        var program = Path.Combine(work.Folder, "open", "pulumi-resource-pgfleet");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        await File.WriteAllTextAsync(program, $"#!/bin/sh\numask 000\nexec '{Path.Combine(work.Bin, "pulumi-resource-pgfleet")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        work.Bin = Path.GetDirectoryName(program)!;
        await BeginAsync(work, keeps: true);
        Workplace.Succeeded(await work.Stack.DestroyAsync());

        var kept = new DirectoryInfo(Path.Combine(work.Home, "deleted", Assert.Single(Names(work, "deleted"))));
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        Assert.All(kept.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(kept), entry => Assert.Equal((entry.FullName, UnixFileMode.None), (entry.FullName, entry.UnixFileMode & Others)));
        await RestoresAsync(work);
    }

    private static async Task BeginAsync(Workplace work, bool keeps)
    {
        work.Write(Workplace.Instance($"backup: {{ onDelete: {(keeps ? "keep" : "delete")} }}") + Workplace.Database("orders", "onDelete: retain"), Outputs);
        var up = await work.UpAsync();
        await Workplace.ScalarAsync(Orders((string)up.Outputs["uri"]!), "create table kept as select generate_series(1, 3) id");
    }

    private static bool IsAt(Workplace work, string point) => point switch
    {
        "the server is stopped" => !File.Exists(Path.Combine(work.Home, "instances", "main", "data", "postmaster.pid")),
        "the name is free" => !Directory.Exists(Path.Combine(work.Home, "instances", "main")),
        _ => Workplace.Has(Path.Combine(work.Home, "deleted", "main@*")) && Names(work, "deleted").All(name => !File.Exists(Path.Combine(work.Home, "deleted", name, "data", "PG_VERSION"))),
    };

    private static async Task RestoresAsync(Workplace work)
    {
        work.Write(
            """

            undone:
              type: pgfleet:index:RestoredInstance
              properties:
                name: undone
                sourceInstance: main
                restoreTime: latest
                password: ${password}
            """,
            "uri: ${undone.connectionUri}");
        var up = await work.UpAsync();
        Assert.Equal(3L, await Workplace.ScalarAsync(Orders((string)up.Outputs["uri"]!), "select count(*) from kept"));
    }

    private static string Orders(string uri) => uri.Replace("/postgres?", "/orders?", StringComparison.Ordinal);

    private static string[] Names(Workplace work, params string[] folders) =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine([work.Home, .. folders])).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
