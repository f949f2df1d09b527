using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class AdminPoolTests(SqlServer server)
{
    private const int AtOnce = 4;
    private readonly FakeTime time = new();

    [Fact]
    public async Task A_fifth_connection_waits_until_one_is_given_back()
    {
        var pool = new AdminPool(time);
        var lent = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => OpenAsync(pool)));
        var fifth = OpenAsync(pool);
        Assert.Single(time.Waiting);
        Assert.False(fifth.IsCompleted);
        await lent[0].DisposeAsync();
        await (await fifth).DisposeAsync();
        Assert.Empty(time.Waiting);
        await ReturnAsync(lent[1..]);
    }

    [Fact]
    public async Task One_that_waits_for_too_long_is_told_why()
    {
        var pool = new AdminPool(time);
        var lent = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => OpenAsync(pool)));
        var fifth = OpenAsync(pool);
        time.Pass(TimeSpan.FromSeconds(59));
        Assert.Single(time.Waiting);
        time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(FailureKind.Exhausted, (await Assert.ThrowsAsync<ResourceFailure>(() => fifth)).Kind);
        await ReturnAsync(lent);
        await (await OpenAsync(pool)).DisposeAsync();
    }

    private Task<Admin> OpenAsync(AdminPool pool) =>
        pool.OpenAsync("main", new NpgsqlConnectionStringBuilder(server.Scratch.ConnectionString()), [], CancellationToken.None);

    private static async Task ReturnAsync(IEnumerable<Admin> lent)
    {
        foreach (var admin in lent)
        {
            await admin.DisposeAsync();
        }
    }
}
