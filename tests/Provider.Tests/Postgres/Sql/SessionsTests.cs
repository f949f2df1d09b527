using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class SessionsTests(SqlServer server)
{
    [Theory]
    [InlineData("08006")]
    [InlineData("57P03")]
    [InlineData("53300")]
    [InlineData("40001")]
    [InlineData("40P01")]
    [InlineData("55P03")]
    [InlineData("55006")]
    public async Task What_passes_by_itself_is_tried_again_on_a_new_connection(string state)
    {
        var (sessions, opened) = Sessions();
        var tries = 0;

        var result = await sessions.ReadAsync("postgres", "look", _ => ++tries < 3 ? throw Refusal(state) : Task.FromResult(tries), CancellationToken.None);

        Assert.Equal((3, 3), (result, opened()));
    }

    [Theory]
    [InlineData("57P03", FailureKind.Unavailable, 7)]
    [InlineData("53300", FailureKind.Exhausted, 7)]
    [InlineData("40P01", FailureKind.Conflict, 7)]
    [InlineData("42501", FailureKind.Denied, 1)]
    [InlineData("28P01", FailureKind.Denied, 1)]
    [InlineData("3D000", FailureKind.Missing, 1)]
    [InlineData("42P04", FailureKind.Conflict, 1)]
    [InlineData("53100", FailureKind.Exhausted, 1)]
    [InlineData("57014", FailureKind.TimedOut, 1)]
    [InlineData("22023", FailureKind.Refused, 1)]
    [InlineData("XX000", FailureKind.Unavailable, 1)]
    public async Task The_rest_and_what_never_passes_is_told_by_its_kind(string state, object kind, int tries)
    {
        var (sessions, opened) = Sessions();

        var failure = await Assert.ThrowsAsync<ResourceFailure>(
            () => sessions.ReadAsync<int>("postgres", "look for \"it\"", _ => throw Refusal(state), CancellationToken.None));

        Assert.Equal((kind, tries), (failure.Kind, opened()));
        Assert.StartsWith($"Cannot look for \"it\": the server's words (SQLSTATE {state}). ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_catalogue_that_two_changed_at_once_is_changed_again()
    {
        var (sessions, opened) = Sessions();
        var tries = 0;
        var race = new PostgresException("tuple concurrently updated", "ERROR", "ERROR", "XX000", routine: "simple_heap_update");

        await sessions.ChangeAsync("postgres", "change", _ => ++tries < 3 ? throw race : Task.CompletedTask, CancellationToken.None);

        Assert.Equal((3, 3), (tries, opened()));
    }

    [Fact]
    public async Task A_server_that_lets_nobody_in_for_the_moment_is_asked_again()
    {
        var (sessions, opened) = Sessions(full: 2);

        Assert.Equal(1, await sessions.ReadAsync("postgres", "look", connection => connection.ScalarAsync<int>("select 1", [], CancellationToken.None), CancellationToken.None));

        Assert.Equal(3, opened());
    }

    [Fact]
    public async Task A_connection_that_broke_is_told_as_such()
    {
        var (sessions, opened) = Sessions();

        var failure = await Assert.ThrowsAsync<ResourceFailure>(
            () => sessions.ReadAsync<int>("postgres", "look", _ => throw new NpgsqlException("", new IOException("cut")), CancellationToken.None));

        Assert.Equal((FailureKind.Unavailable, 7), (failure.Kind, opened()));
    }

    [Fact]
    public async Task Reading_cannot_write_and_no_session_waits_for_ever()
    {
        var (sessions, _) = Sessions();

        var bounds = await sessions.ReadAsync(
            "postgres",
            "look",
            connection => connection.ListAsync(
                "select current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('transaction_read_only')",
                [],
                row => (row.GetString(0), row.GetString(1), row.GetString(2)),
                CancellationToken.None),
            CancellationToken.None);

        Assert.Equal([("10s", "30s", "on")], bounds);
    }

    [Fact]
    public async Task A_cancelled_caller_waits_no_longer()
    {
        var (sessions, _) = Sessions();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sessions.ReadAsync(
            "postgres", "look", connection => connection.ScalarAsync<string>("select pg_sleep(20)::text", [], cancel.Token), cancel.Token));
    }

    private static PostgresException Refusal(string state) => new("the server's words", "ERROR", "ERROR", state);

    /// <param name="full">How often opening fails because no connection is left.</param>
    private (Sessions Sessions, Func<int> Opened) Sessions(int full = 0)
    {
        var opened = 0;
        var sessions = new Sessions(
            async (database, _) =>
            {
                if (opened++ < full)
                {
                    throw new ResourceFailure(FailureKind.Exhausted, "There is no connection left.", "Close some.", Refusal("53300"));
                }
                return new Admin(await server.Scratch.OpenAsync(database));
            },
            new NoPauses());
        return (sessions, () => opened);
    }

    private sealed class NoPauses : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
