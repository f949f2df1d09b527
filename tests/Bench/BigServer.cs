using System.Globalization;
using CliWrap;
using Google.Protobuf.WellKnownTypes;

namespace PgFleet.Bench;

/// <summary>A managed server with a lot of data, and its archive.</summary>
internal sealed class BigServer(Place place, Provider provider, Struct state)
{
    private const string Name = "big";
    private const int RowsInAGigabyte = 1_000_000;

    private readonly string folder = Path.Combine(place.Home, "instances", Name);

    public string Wal => $"{folder}/archive/wal";

    public string Backup => Directory.GetDirectories($"{folder}/archive/backups").Where(path => Path.GetFileName(path)[0] != '.').Max(StringComparer.Ordinal)! + "/data";

    public static async Task<BigServer> CreateAsync(Place place, Provider provider, int gigabytes)
    {
        // Without checkpoints during the load, which is not measured.
        var inputs = await provider.CheckAsync(Provider.Instance, $$"""
            {"name": "{{Name}}", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false, "parameters": {"max_wal_size": "16GB", "checkpoint_timeout": "1h"} }
            """);
        var server = new BigServer(place, provider, await provider.CreateAsync(Provider.Instance, inputs));
        await server.RunAsync($"create table filler as select i, repeat(md5(i::text), 30) as text from generate_series(1, {gigabytes * RowsInAGigabyte}) i");
        await server.BackUpAsync();
        return server;
    }

    /// <summary>Many small transactions, like an application's.</summary>
    public Task WriteWalAsync(int gigabytes) => RunAsync($"""
        create table busy (i bigint, text text);
        set synchronous_commit = off;
        do $$ begin
            for n in 1..{gigabytes * 10_000} loop
                insert into busy select i, repeat(md5(i::text), 30) from generate_series(1, 100) i;
                commit;
            end loop;
        end $$;
        """);

    /// <summary>Waits until everything written so far is archived and on disk, so that later measurements do not include it.</summary>
    public async Task ArchiveAllAsync()
    {
        var last = Path.Combine(Wal, (await AskAsync("create table switched (); drop table switched; select pg_walfile_name(pg_switch_wal())")).Split('\n')[^1]);
        await Eventually.TrueAsync(() => File.Exists(last), "the WAL is archived");
        await Cli.Wrap("sync").ExecuteAsync();
    }

    /// <summary>The time to find the last commit of the archive from its newest base backup, until the copy begins.</summary>
    public async Task<double> ResolveAsync()
    {
        var (data, wal) = (await place.ForServerAsync("resolved"), await place.ForServerAsync("staged"));
        using var stop = new CancellationTokenSource();
        var running = Place.AsServer(Program, "restore-backup", $"{folder}/conf/archive.json", data, wal, "latest").ExecuteAsync(stop.Token);
        var time = await Place.MillisecondsAsync(() => Eventually.TrueAsync(() => Directory.EnumerateFileSystemEntries(data).Any(), "the copy has begun"));
        await stop.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return time;
    }

    public long WalBytesSinceBackup() =>
        Directory.GetFiles(Wal).Where(path => File.GetLastWriteTimeUtc(path) > Directory.GetLastWriteTimeUtc(Backup)).Sum(path => new FileInfo(path).Length);

    /// <summary>The times from Create until only the first backup is missing, and until the response.</summary>
    public async Task<(double Ready, double All)> RestoreAsync(string name)
    {
        var inputs = await provider.CheckAsync(Provider.Restored, $$"""{"name": "{{name}}", "sourceInstance": "{{Name}}", "restoreTime": "latest"}""");
        var record = Path.Combine(place.Home, "instances", name, "record.json");
        var (ready, copy) = (0.0, (Struct?)null);
        var all = await Place.MillisecondsAsync(async () =>
        {
            var created = provider.CreateAsync(Provider.Restored, inputs);
            ready = await Place.MillisecondsAsync(async () =>
            {
                while (!created.IsCompleted && !(File.Exists(record) && (await File.ReadAllTextAsync(record)).Contains("\"backup-pending\"", StringComparison.Ordinal)))
                {
                    await Task.Delay(2);
                }
            });
            copy = await created;
        });
        await provider.DeleteAsync(Provider.Restored, name, copy!);
        return (ready, all);
    }

    public Task DeleteAsync() => provider.DeleteAsync(Provider.Instance, Name, state);

    private string Program => Path.Combine(Directory.GetDirectories(Path.Combine(place.Home, "bin"))[0], "pgfleet");

    private Task RunAsync(string sql) => AskAsync(sql);

    private async Task<string> AskAsync(string sql)
    {
        var socket = $"{folder}/socket";
        var port = ((int)state.Fields["port"].NumberValue).ToString(CultureInfo.InvariantCulture);
        var answer = new System.Text.StringBuilder();
        await Cli.Wrap("psql").WithArguments(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", socket, "-p", port, "-U", "postgres"])
            .WithStandardInputPipe(PipeSource.FromString(sql)).WithStandardOutputPipe(PipeTarget.ToStringBuilder(answer)).ExecuteAsync();
        return answer.ToString().TrimEnd();
    }

    /// <summary>Takes a backup; the load may have started one already.</summary>
    private Task BackUpAsync() => Eventually.TrueAsync(
        async () => (await Place.AsServer(Program, "base-backup", $"{folder}/conf/archive.json").WithValidation(CommandResultValidation.None).ExecuteAsync()).IsSuccess,
        "a base backup of the data");
}
