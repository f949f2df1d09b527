using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>The role that migrations run as, created by an administrator like that of a hosted service.</summary>
[Collection(nameof(SqlServer))]
public sealed class ActingRoleTests(SqlServer server) : IAsyncLifetime
{
    private readonly string name = $"acting_{Guid.NewGuid():N}";

    private string Admin => $"{name}_admin";

    private string Owner => $"{name}_owner";

    public async ValueTask InitializeAsync()
    {
        await server.Scratch.ScalarAsync($"create role {Admin} login createdb createrole");
        await using var connection = await server.Scratch.OpenAsync("postgres", Admin);
        await new NpgsqlCommand($"create role {Owner} createdb", connection).ExecuteNonQueryAsync();
        await server.CreateAsync(new() { Name = name, Owner = Owner }, server.As(Admin));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("postgres")]
    [InlineData(null)]
    public async Task What_it_makes_is_its_owner_s_and_nothing_of_it_stays(string? administrator)
    {
        var role = Role(administrator ?? Admin);
        await role.EnsureAsync(ScramVerifier.Make("secret"), CancellationToken.None);
        await using (var session = await server.Scratch.OpenAsync(name, name))
        {
            await new NpgsqlCommand("create table as_owner (); create schema s; create table s.t (); reset role; set role none; create temp table mine ()", session).ExecuteNonQueryAsync();
        }
        await role.DropAsync(CancellationToken.None);
        await role.DropAsync(CancellationToken.None);

        Assert.Equal($"{Owner} {Owner}", await server.ScalarAsync<string>("select string_agg(tableowner, ' ') from pg_tables where tablename in ('as_owner', 't')", name));
        Assert.False(await server.ScalarAsync<bool>($"select exists (select from pg_roles where rolname = '{name}')"));
        Assert.Equal(0L, await server.ScalarAsync<long>($"select count(*) from pg_auth_members where member = '{Admin}'::regrole and roleid = '{Owner}'::regrole and pg_has_role('{Admin}', roleid, 'MEMBER') and current_setting('server_version_num')::int < 160000"));
    }

    [Fact]
    public async Task One_that_a_kill_left_is_taken_away_with_its_sessions_and_what_it_owns()
    {
        var role = Role(Admin);
        await role.EnsureAsync(ScramVerifier.Make("secret"), CancellationToken.None);
        if (ScratchServer.Major >= 15) // before 15, every role may
        {
            await server.Scratch.ScalarAsync($"grant create on schema public to {name}", name);
        }
        await using var left = await server.Scratch.OpenAsync(name, name);
        await new NpgsqlCommand("set role none; create table own ()", left).ExecuteNonQueryAsync();

        await Role(Admin).DropAsync(CancellationToken.None);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("select 1", left).ExecuteNonQueryAsync());
        Assert.Equal(Owner, await server.ScalarAsync<string>("select tableowner::text from pg_tables where tablename = 'own'", name));
        Assert.False(await server.ScalarAsync<bool>($"select exists (select from pg_roles where rolname = '{name}')"));
    }

    [Fact]
    public async Task Expires_by_itself()
    {
        await Role(Admin).EnsureAsync(ScramVerifier.Make("secret"), CancellationToken.None);
        Assert.True(await server.ScalarAsync<bool>($"select rolvaliduntil between now() + '23 h' and now() + '25 h' from pg_authid where rolname = '{name}'"));
        Assert.StartsWith("SCRAM-SHA-256$", await server.ScalarAsync<string>($"select rolpassword from pg_authid where rolname = '{name}'"), StringComparison.Ordinal);
        await Role(Admin).DropAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Nobody_acts_as_a_superuser()
    {
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => new MigrationRole(Sessions("postgres"), name, "postgres", name).EnsureAsync("x", CancellationToken.None));
        Assert.Equal(FailureKind.Refused, refusal.Kind);
    }

    private MigrationRole Role(string administrator) => new(Sessions(administrator), name, Owner, name);

    private Sessions Sessions(string administrator) =>
        new(async (database, cancel) => new Admin(await server.Scratch.OpenAsync(database, administrator)), TimeProvider.System);
}
