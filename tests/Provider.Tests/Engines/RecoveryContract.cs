using System.Globalization;
using Npgsql;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines;

/// <summary>The contract of every engine that keeps archives.</summary>
public abstract class RecoveryContract
{
    /// <summary>Creates an engine with archives and without servers, which deletes everything that it created when it is disposed.</summary>
    internal abstract IRecoverableUnderTest NewEngine();

    [Fact]
    public async Task A_server_is_restored_to_any_instant_of_its_window_and_to_no_other()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), Work());
        var before = await test.Archives.GetWindowAsync("main", CancellationToken.None);
        Assert.NotNull(before.Earliest);
        await RunAsync(test, "main", "create table public.kept (id int); insert into public.kept values (1)");
        var between = await NowAsync(test);
        await RunAsync(test, "main", "insert into public.kept values (2)");
        var end = await NowAsync(test);
        await ArchiveUntilAsync(test, end);

        Assert.Equal("1", await RowsAsync(test, await RestoreAsync(test, "copy", between)));
        Assert.Equal("1,2", await RowsAsync(test, await RestoreAsync(test, "late", null)));
        Assert.Equal("1,2", await RowsAsync(test, (await test.Engine.FindAsync("main", CancellationToken.None))!));

        foreach (var outside in new[] { before.Earliest!.Value.AddMinutes(-1), end.AddDays(1) })
        {
            Assert.Contains(await test.Engine.PreflightAsync(null, Copy("never", outside), CancellationToken.None), problem => problem is { Path: "restoreTime", Refuses: true });
            Assert.Equal(FailureKind.Refused, (await Assert.ThrowsAsync<ResourceFailure>(() => test.Engine.CreateAsync(Copy("never", outside), Work()))).Kind);
            Assert.False(test.Engine.Has("never"));
        }
    }

    [Fact]
    public async Task A_restore_that_was_killed_is_finished_by_the_next_run_at_the_same_instant()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), Work());
        await RunAsync(test, "main", "create table public.kept (id int); insert into public.kept values (1)");
        var instant = await NowAsync(test);
        await RunAsync(test, "main", "insert into public.kept values (2)");
        await ArchiveUntilAsync(test, await NowAsync(test));
        var wasUnfinished = false;
        for (var step = 1; step <= 7; step += 2)
        {
            var killed = new OperationContext<ManagedServer>(CancellationToken.None, new ActsAtStep(step, () => throw new KilledException()));
            await Assert.ThrowsAsync<KilledException>(() => test.Engine.CreateAsync(Copy($"copy{step}", instant), killed));
            wasUnfinished |= killed.Partial?.Status == ServerStatus.Unfinished;
            Assert.Equal(killed.Partial is not null, test.Engine.Has($"copy{step}"));
            Assert.Equal("1", await RowsAsync(test, await RestoreAsync(test, $"copy{step}", instant)));
        }
        Assert.True(wasUnfinished);
    }

    [Fact]
    public async Task A_deleted_server_is_restored_from_what_is_kept_until_that_is_purged()
    {
        await using var test = NewEngine();
        var made = await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), Work());
        await RunAsync(test, "main", "create table public.kept (id int); insert into public.kept values (1)");
        await test.Engine.DeleteAsync("main", Work());
        var deleted = Assert.Single(await test.Archives.ListDeletedAsync(CancellationToken.None));
        Assert.Equal(("main", made.Username), (deleted.Name, deleted.Username));
        Assert.Empty(await test.Archives.ListDamagedAsync(CancellationToken.None));
        Assert.NotNull((await test.Archives.GetWindowAsync(deleted.Identity, CancellationToken.None)).Deleted);

        Assert.Equal("1", await RowsAsync(test, await RestoreAsync(test, "copy", null)));

        Assert.Equal(deleted.Identity, await test.Archives.PurgeAsync("main", Work()));
        Assert.Empty(await test.Archives.ListDeletedAsync(CancellationToken.None));
        Assert.Equal(FailureKind.Missing, (await Assert.ThrowsAsync<ResourceFailure>(() => test.Archives.GetWindowAsync("main", CancellationToken.None))).Kind);
    }

    [Fact]
    public async Task A_backup_that_is_asked_for_is_in_the_window_when_it_has_ended()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), Work());
        var before = (await test.Archives.GetWindowAsync("main", CancellationToken.None)).Backups.Length;
        await test.Archives.BackUpAsync("main", Work());
        Assert.Equal(before + 1, (await test.Archives.GetWindowAsync("main", CancellationToken.None)).Backups.Length);
    }

    private static OperationContext<ManagedServer> Work() => new(CancellationToken.None);

    private static ServerSpec Copy(string name, DateTimeOffset? instant) => FleetEngineContract.Spec(name) with { Username = null, Origin = new("main", instant) };

    private static Task<ManagedServer> RestoreAsync(IRecoverableUnderTest test, string name, DateTimeOffset? instant) => test.Engine.CreateAsync(Copy(name, instant), Work());

    /// <summary>The time of the source's clock, in whole microseconds.</summary>
    private static async Task<DateTimeOffset> NowAsync(IRecoverableUnderTest test) => new((DateTime)(await RunAsync(test, "main", "select clock_timestamp()"))!, TimeSpan.Zero);

    /// <summary>Commits after the instant, so that it is inside the window, and archives the segment.</summary>
    private static Task ArchiveUntilAsync(IRecoverableUnderTest test, DateTimeOffset instant) => Eventually.TrueAsync(
        async () =>
        {
            await RunAsync(test, "main", "select pg_current_xact_id(); select pg_switch_wal()");
            return (await test.Archives.GetWindowAsync("main", CancellationToken.None)).Latest >= instant;
        },
        string.Create(CultureInfo.InvariantCulture, $"the window holds {instant:O}"));

    private static async Task<string?> RowsAsync(IRecoverableUnderTest test, ManagedServer server) =>
        (string?)await RunAsync(test, server.Name, "select string_agg(id::text, ',' order by id) from public.kept");

    private static async Task<object?> RunAsync(IRecoverableUnderTest test, string server, string sql)
    {
        await using var admin = await test.Administrator.OpenAsync(server, "postgres", CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, admin.Connection);
        return await command.ExecuteScalarAsync();
    }
}

internal interface IRecoverableUnderTest : IAsyncDisposable
{
    IServerEngine Engine { get; }

    IRecoverable Archives { get; }

    IAdministratorAccess Administrator { get; }
}
