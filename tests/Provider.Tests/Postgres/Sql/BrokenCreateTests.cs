using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>A create that is interrupted at a step, and the next one.</summary>
[Collection(nameof(SqlServer))]
public sealed class BrokenCreateTests(SqlServer server)
{
    private static readonly DatabaseSpec Spec = new()
    {
        Name = "broken",
        Owner = "alice",
        Extensions = new DatabaseSpec { Name = "", Owner = "" }.Extensions.Add("citext", new()),
    };

    [Theory]
    [InlineData("template copied")]
    [InlineData("extensions created")]
    public async Task After_a_kill_the_next_create_makes_it_whole(string last)
    {
        var name = $"killed after {last}";
        await Assert.ThrowsAsync<KilledException>(() => Killed(last).CreateAsync(Spec with { Name = name }, "", Killing(last)));
        Assert.Null(await server.Databases.FindAsync(name, CancellationToken.None));
        Assert.Equal(1L, await UnfinishedAsync());

        var made = await server.CreateAsync(Spec with { Name = name, ConnectionLimit = 3 });

        Assert.Equal(("alice", 3), (made.Spec.Owner, made.Spec.ConnectionLimit));
        Assert.Contains("citext", (await server.Databases.FindExtensionsAsync(name, CancellationToken.None)).Keys);
        Assert.Equal(0L, await UnfinishedAsync());
    }

    [Theory]
    [InlineData("template copied")]
    [InlineData("extensions created")]
    public async Task A_cancelled_create_leaves_nothing_behind(string last)
    {
        using var cancel = new CancellationTokenSource();
        var work = new OperationContext(cancel.Token, new Told(step => { if (step == last) { cancel.Cancel(); } }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Databases.CreateAsync(Spec with { Name = "cancelled" }, "", work));

        Assert.Null(await server.Databases.FindAsync("cancelled", CancellationToken.None));
        Assert.Equal(0L, await UnfinishedAsync());
    }

    private Task<long> UnfinishedAsync() =>
        server.ScalarAsync<long>("select count(*) from pg_database where datname like 'pgfleet\\_unfinished\\_%' and datname not like '%0123456789abcdef'");

    /// <summary>Opens no more connections once it has reported the last step, like a killed process.</summary>
    private Databases Killed(string last) => new(async (database, cancel) =>
        steps.Contains(last) ? throw new KilledException() : new Admin(await server.Scratch.OpenAsync(database)));

    private readonly HashSet<string> steps = [];

    private OperationContext Killing(string last) => new(CancellationToken.None, new Told(step =>
    {
        steps.Add(step);
        if (step == last)
        {
            throw new KilledException();
        }
    }));

    private sealed class KilledException : Exception;

    private sealed class Told(Action<string> told) : IProgress<Step>
    {
        public void Report(Step value) => told(value.Name);
    }
}
