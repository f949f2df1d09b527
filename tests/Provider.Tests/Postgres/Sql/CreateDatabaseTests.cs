using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class CreateDatabaseTests(SqlServer server)
{
    private static readonly DatabaseSpec Plain = new() { Name = "plain", Owner = "alice" };

    public static TheoryData<string> Names => ["Upper Case", "with \"quotes\" 'n' %I \\", "größe_数据", "1; drop", new string('é', 31), new string('n', 63)];

    [Fact]
    public async Task Creates_a_database_that_belongs_to_its_owner_and_reads_it_back()
    {
        var made = await server.CreateAsync(Plain with { Name = "create_plain", ConnectionLimit = 7 });

        Assert.Equal(made.Oid, (await server.Databases.FindAsync("create_plain", CancellationToken.None))!.Oid);
        Assert.Equal(("alice", "UTF8", "libc", "C.UTF-8", 7, true, false), (made.Spec.Owner, made.Spec.Encoding, made.Spec.LocaleProvider, made.Spec.Locale, made.Spec.ConnectionLimit, made.Spec.AllowConnections, made.Unclaimed));
        await using var owner = await server.Scratch.OpenAsync("create_plain", "alice");
        await using var command = new NpgsqlCommand("create table t (); create schema s", owner);
        await command.ExecuteNonQueryAsync();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Takes_every_name_that_postgres_takes(string name)
    {
        var made = await server.CreateAsync(Plain with { Name = name });

        Assert.Equal(name, made.Spec.Name);
        await using var connection = await server.Scratch.OpenAsync(name);
        await server.Databases.DropAsync(name, force: true, new OperationContext(CancellationToken.None));
        Assert.Null(await server.Databases.FindAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task Does_not_find_a_name_that_postgres_would_cut()
    {
        await server.CreateAsync(Plain with { Name = new string('c', 63) });

        Assert.Null(await server.Databases.FindAsync(new string('c', 64), CancellationToken.None));
    }

    [Fact]
    public async Task Refuses_a_name_that_is_taken_and_leaves_its_holder_alone()
    {
        await server.Scratch.ScalarAsync("create database foreign_one owner bob");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(Plain with { Name = "foreign_one" }));

        Assert.Equal((FailureKind.Conflict, "Database \"foreign_one\" exists already. Import it."), (failure.Kind, failure.Message));
        Assert.Equal("bob", (await server.Databases.FindAsync("foreign_one", CancellationToken.None))!.Spec.Owner);
    }

    [Fact]
    public async Task Names_a_missing_owner_and_makes_nothing()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(Plain with { Name = "ownerless", Owner = "nobody" }));

        Assert.Equal((FailureKind.Missing, "Role \"nobody\", the owner, does not exist. Create the role first, or name another owner."), (failure.Kind, failure.Message));
        Assert.Null(await server.Databases.FindAsync("ownerless", CancellationToken.None));
    }

    [Fact]
    public async Task A_template_is_copied_with_what_is_in_it()
    {
        await server.Scratch.ScalarAsync("create database mould is_template true connection limit 0");
        await server.Scratch.ScalarAsync("create table kept as select 42 as n", "mould");

        var made = await server.CreateAsync(Plain with { Name = "cast_from_mould", Template = "mould" });

        Assert.Equal((-1, false), (made.Spec.ConnectionLimit, made.IsTemplate));
        Assert.Equal(42, await server.ScalarAsync<int>("select n from kept", "cast_from_mould"));
    }

    [Fact]
    public async Task A_missing_template_is_named()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(Plain with { Name = "castless", Template = "no_mould" }));

        Assert.Equal(FailureKind.Missing, failure.Kind);
        Assert.Contains("\"no_mould\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_until_the_template_is_free()
    {
        await server.Scratch.ScalarAsync("create database busy_mould is_template true");
        var client = await server.Scratch.OpenAsync("busy_mould");
        // Longer than the 5 s that CREATE DATABASE itself waits.
        var leaves = Task.Delay(TimeSpan.FromSeconds(6)).ContinueWith(_ => client.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();

        await server.CreateAsync(Plain with { Name = "cast_late", Template = "busy_mould" });
        await leaves;
    }

    [Fact]
    public async Task A_closed_database_gets_its_extensions_and_settings_before_it_closes()
    {
        var made = await server.CreateAsync(Plain with
        {
            Name = "closed_from_the_start",
            AllowConnections = false,
            Extensions = Plain.Extensions.Add("pgcrypto", new()),
            Settings = Plain.Settings.Add("work_mem", "8MB"),
        });

        Assert.Equal((false, "8MB"), (made.Spec.AllowConnections, made.Spec.Settings["work_mem"]));
        await server.Scratch.ScalarAsync("alter database closed_from_the_start allow_connections true");
        Assert.Contains("pgcrypto", (await server.Databases.FindExtensionsAsync("closed_from_the_start", CancellationToken.None)).Keys);
    }

    [Fact]
    public async Task Finishes_a_drop_that_broke_off()
    {
        await server.Scratch.ScalarAsync("create database broken_off");
        await server.Scratch.ScalarAsync("update pg_database set datconnlimit = -2 where datname = 'broken_off'");
        Assert.Null(await server.Databases.FindAsync("broken_off", CancellationToken.None));

        var made = await server.CreateAsync(Plain with { Name = "broken_off" });

        Assert.Equal(-1, made.Spec.ConnectionLimit);
    }

    [Fact]
    public async Task Lists_what_is_there_and_nothing_half_made()
    {
        await server.CreateAsync(Plain with { Name = "listed" });
        await server.Scratch.ScalarAsync("create database pgfleet_unfinished_0123456789abcdef");

        var names = (await server.Databases.ListAsync(CancellationToken.None)).Select(found => found.Spec.Name).ToList();

        Assert.Contains("listed", names);
        Assert.DoesNotContain(names, name => name.StartsWith("pgfleet_", StringComparison.Ordinal));
    }
}
