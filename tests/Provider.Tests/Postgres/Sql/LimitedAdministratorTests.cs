using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>An administrator like that of a hosted service: CREATEDB and CREATEROLE, but not a superuser.</summary>
[Collection(nameof(SqlServer))]
public sealed class LimitedAdministratorTests(SqlServer server) : IAsyncLifetime
{
    private readonly string admin = $"admin_{Guid.NewGuid():N}";

    private string? memberships;

    private Databases Databases => server.As(admin);

    public async ValueTask InitializeAsync()
    {
        await server.Scratch.ScalarAsync($"create role {admin} login createdb createrole");
        await using var connection = await server.Scratch.OpenAsync("postgres", admin);
        await new Npgsql.NpgsqlCommand($"create role {admin}_a; create role {admin}_b; create role {admin}_mine", connection).ExecuteNonQueryAsync();
        await server.Scratch.ScalarAsync($"grant {admin}_mine to {admin}");
        memberships = await MembershipsAsync();
        Assert.Contains($"{admin}_mine", memberships);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Gives_a_database_to_a_role_it_is_no_member_of_and_is_none_afterwards()
    {
        var spec = new DatabaseSpec
        {
            Name = admin,
            Owner = $"{admin}_a",
            ConnectionLimit = 4,
            Settings = new DatabaseSpec { Name = "", Owner = "" }.Settings.Add("work_mem", "8MB").Add("search_path", "a, b"),
            Extensions = new DatabaseSpec { Name = "", Owner = "" }.Extensions.Add("citext", new(null, "lib")),
        };

        var made = await server.CreateAsync(spec, Databases);

        Assert.Equal(($"{admin}_a", 4, "8MB"), (made.Spec.Owner, made.Spec.ConnectionLimit, made.Spec.Settings["work_mem"]));
        Assert.Equal($"{admin}_a", await server.ScalarAsync<string>("select nspowner::regrole::text from pg_namespace where nspname = 'lib'", admin));
        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task Alters_and_drops_a_database_of_roles_it_is_no_member_of()
    {
        var spec = new DatabaseSpec { Name = admin, Owner = $"{admin}_a" };
        await server.CreateAsync(spec, Databases);
        var planned = spec with { Owner = $"{admin}_b", ConnectionLimit = 1, Extensions = spec.Extensions.Add("hstore", new()) };

        await Databases.AlterAsync(spec, planned, new OperationContext(CancellationToken.None));
        Assert.Equal($"{admin}_b", (await Databases.FindAsync(admin, CancellationToken.None))!.Spec.Owner);
        await AssertMemberOfMineAloneAsync();

        await Databases.DropAsync(admin, force: false, new OperationContext(CancellationToken.None));
        Assert.Null(await Databases.FindAsync(admin, CancellationToken.None));
        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task A_failed_drop_gives_the_database_back_to_its_owner()
    {
        await server.CreateAsync(new() { Name = admin, Owner = $"{admin}_a" }, Databases);
        var openings = 0;
        var failing = new Databases(async (database, _) =>
            ++openings == 3 ? throw new IOException("the line is cut") : new Admin(await server.Scratch.OpenAsync(database, admin)));

        await Assert.ThrowsAsync<IOException>(() => failing.DropAsync(admin, force: false, new OperationContext(CancellationToken.None)));

        Assert.Equal($"{admin}_a", (await Databases.FindAsync(admin, CancellationToken.None))!.Spec.Owner);
        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task Stays_a_member_of_a_role_it_was_a_member_of()
    {
        await server.CreateAsync(new() { Name = admin, Owner = $"{admin}_mine" }, Databases);

        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task A_failed_change_leaves_no_membership()
    {
        await server.Scratch.ScalarAsync($"create database \"{admin}\" owner {admin}_a");
        var spec = new DatabaseSpec { Name = admin, Owner = $"{admin}_a" };

        var failure = await Assert.ThrowsAsync<ResourceFailure>(
            () => Databases.AlterAsync(spec, spec with { Settings = spec.Settings.Add("log_statement", "all") }, new OperationContext(CancellationToken.None)));

        Assert.Equal(FailureKind.Denied, failure.Kind);
        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task Many_databases_of_one_role_are_made_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.CreateAsync(new() { Name = $"{admin}_{i}", Owner = $"{admin}_a" }, server.As(admin))));

        Assert.Equal(6L, await server.ScalarAsync<long>($"select count(*) from pg_database where datdba = '{admin}_a'::regrole"));
        await AssertMemberOfMineAloneAsync();
    }

    [Fact]
    public async Task An_administrator_who_may_not_create_databases_is_told_so()
    {
        await server.Scratch.ScalarAsync($"alter role {admin} nocreatedb");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => server.CreateAsync(new() { Name = admin, Owner = $"{admin}_a" }, Databases));

        Assert.Equal(FailureKind.Denied, failure.Kind);
    }

    /// <summary>From 16 on, the creator of a role has ADMIN OPTION on it, and no further membership.</summary>
    private async Task AssertMemberOfMineAloneAsync() => Assert.Equal(memberships, await MembershipsAsync());

    private Task<string> MembershipsAsync() => server.ScalarAsync<string>(
        $"select string_agg((to_jsonb(m) - 'oid' || jsonb_build_object('role', roleid::regrole))::text, ' ' order by roleid, grantor) from pg_auth_members m where member = '{admin}'::regrole");
}
