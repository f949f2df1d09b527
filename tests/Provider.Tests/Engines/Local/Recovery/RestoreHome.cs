using System.Globalization;
using Npgsql;
using PgFleet.Archives;
using PgFleet.Archives.Backup;
using PgFleet.Archives.Helper;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>A source with a real archive in a home of its own, and what is restored from it.</summary>
internal sealed class RestoreHome : IAsyncDisposable
{
    /// <summary>The user's database, which the tests use by default.</summary>
    public const string Database = "app";

    private readonly TestHome home = new(programFolder: Repository.Programs);
    private int restores;

    public TestHome Home => home;

    public ManagedServer Source { get; private set; } = null!;

    public List<string> Warnings { get; } = [];

    public static async Task<RestoreHome> StartAsync(Func<ServerSpec, ServerSpec>? with = null)
    {
        var made = new RestoreHome();
        try
        {
            await made.BeginAsync(with);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates the source.</summary>
    public async Task BeginAsync(Func<ServerSpec, ServerSpec>? with = null)
    {
        Source = await home.CreateAsync((with ?? (spec => spec))(TestHome.Spec()));
        await RunInAsync("postgres", $"create database {Database}");
    }

    /// <summary>Runs statements on the source, each in a transaction of its own.</summary>
    public async Task RunInAsync(string database, params string[] statements)
    {
        await using var connection = await TestHome.LogInAsync(Source, database: database);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public Task RunAsync(params string[] statements) => RunInAsync(Database, statements);

    /// <summary>The source's clock, in whole microseconds.</summary>
    public async Task<DateTimeOffset> NowAsync() => new((DateTime)(await home.AskAdminAsync("select clock_timestamp()"))!, TimeSpan.Zero);

    public Task<ManagedServer> RestoreAsync(DateTimeOffset? instant, string source = "main", Func<ServerSpec, ServerSpec>? with = null) =>
        RestoreAsync(instant, $"copy{Interlocked.Increment(ref restores)}", source, with);

    /// <summary>Restores the source, with full control of the operation.</summary>
    public Task<ManagedServer> CreateAsync(string name, DateTimeOffset? instant, OperationContext<ManagedServer> work) =>
        new LocalEngine(home.Options, TimeProvider.System).CreateAsync(TestHome.Spec(name) with { Username = null, Origin = new("main", instant) }, work);

    public Task<ManagedServer> RestoreAsync(DateTimeOffset? instant, string name, string source, Func<ServerSpec, ServerSpec>? with = null)
    {
        var spec = TestHome.Spec(name) with { Username = null, Origin = new(source, instant) };
        return home.Engine.CreateAsync(with?.Invoke(spec) ?? spec, new(CancellationToken.None, warn: text => Warnings.Add(text.ToString())));
    }

    public Task DeleteSourceAsync() => home.Engine.DeleteAsync("main", TestHome.Unhurried());

    /// <summary>The deleted servers.</summary>
    public async Task<IReadOnlyList<DeletedServer>> KeptAsync() => await home.Engine.ListDeletedAsync(CancellationToken.None);

    /// <summary>Restores a copy, and returns the rows of its table "kept".</summary>
    public async Task<string> RowsAsync(DateTimeOffset? instant, string source = "main") =>
        await AskAsync(await RestoreAsync(instant, source), "select string_agg(id::text, ',' order by id) from kept");

    public Task DeleteAsync(ManagedServer copy) => home.Engine.DeleteAsync(copy.Spec.Name, new(CancellationToken.None));

    /// <summary>Takes a base backup of the source as its archiver would start one, and waits for its check and the expiry of older ones.</summary>
    public async Task BackUpAsync()
    {
        await ScratchServer.AsServiceUserAsync(Path.Combine(Repository.Programs, "pgfleet"), ArchiveCommands.BaseBackup, home.Paths().ArchiveConfig);
        await Eventually.TrueAsync(() => Backups().All(backup => backup.Check is not null) && IsFree(new ArchiveLayout(home.Paths().Archive).CheckLock), "the backups are checked");
    }

    private static bool IsFree(string path)
    {
        using var taken = File.Exists(path) ? FileLock.TryTake(path) : null;
        return taken is not null;
    }

    /// <summary>Waits until everything that the source has written is archived.</summary>
    public async Task ArchiveAllAsync()
    {
        await home.AskAdminAsync("select pg_current_xact_id()");
        var segment = (string)(await home.AskAdminAsync("select pg_walfile_name(pg_switch_wal())"))!;
        // The file appears before the program that stored it has read it and ended.
        await Eventually.TrueAsync(async () => await home.AskAdminAsync($"select last_archived_wal >= '{segment}' from pg_stat_archiver") is true, $"{segment} is archived");
    }

    public Task RetainAsync(TimeSpan retention) => home.ApplyAsync(home.Record()!.Spec with { Backup = home.Record()!.Spec.Backup with { Retention = retention } });

    public Task<RecoveryWindow> WindowAsync(string name = "main") => home.Engine.GetWindowAsync(name, CancellationToken.None);

    /// <summary>The problems that a preview reports for a restore.</summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(DateTimeOffset? instant, string source = "main", string name = "never") =>
        await home.Engine.PreflightAsync(null, TestHome.Spec(name) with { Username = null, Origin = new(source, instant) }, CancellationToken.None);

    /// <summary>Deletes the newest segment of the archive, and waits until the server has no copy of it.</summary>
    /// <returns>The segment's name.</returns>
    public async Task<string> LoseNewestSegmentAsync()
    {
        var newest = Directory.GetFiles(Path.Combine(home.Paths().Archive, "wal")).Where(path => Path.GetFileName(path).Length == 24).Max(StringComparer.Ordinal)!;
        File.Delete(newest);
        File.Delete(Path.Combine(home.Paths().Data, "pg_wal", Path.GetFileName(newest)));
        await RunAsync("select 1");
        return Path.GetFileName(newest);
    }

    public string DataOf(int backup) => new BackupCatalogue(home.Paths().Archive).DataOf(Backups()[backup]);

    public static async Task DamageAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var first = file.ReadByte();
        file.Position = 0;
        file.WriteByte((byte)(first + 1));
    }

    /// <summary>Makes the registry claim that the source has a version that is not installed.</summary>
    public async Task PretendVersionAsync(string major)
    {
        var record = home.Paths().Record;
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record)).Replace($"\"postgresVersion\": \"{home.Record()!.PostgresVersion}\"", $"\"postgresVersion\": \"{major}\"", StringComparison.Ordinal));
    }

    public IReadOnlyList<BaseBackup> Backups(string name = "main") => new BackupCatalogue(home.Paths(name).Archive).List();

    /// <summary>The result of a query as text.</summary>
    public static async Task<string> AskAsync(ManagedServer server, string sql, string database = Database) =>
        Convert.ToString(await TestHome.AskAsync(server, sql, database: database), CultureInfo.InvariantCulture)!;

    public ValueTask DisposeAsync() => home.DisposeAsync();
}
