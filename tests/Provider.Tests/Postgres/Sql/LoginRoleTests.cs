using Npgsql;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>What the user's role can do on its server, and cannot do to the machine.</summary>
public sealed class LoginRoleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    [Trait("Requirement", "R8")]
    public async Task Makes_databases()
    {
        await AskAsync("create database mine");
        Assert.Equal("alice", await TestHome.AskAsync(shared.Server, "select pg_get_userbyid(datdba) from pg_database where datname = current_database()", database: "mine"));
    }

    [Fact]
    public async Task Works_in_the_database_that_every_server_has()
    {
        await AskAsync("create schema work create table t (i int)");
        Assert.Equal(0L, await AskAsync("select count(*) from work.t"));
    }

    [Fact]
    public async Task Sees_what_the_server_does_and_ends_it() =>
        Assert.Equal("t|t|t|t", await AskAsync(
            "select concat_ws('|', pg_has_role('pg_monitor', 'member'), pg_has_role('pg_signal_backend', 'member'), pg_has_role('pg_read_all_data', 'member'), pg_has_role('pg_write_all_data', 'member'))"));

    [Theory]
    [InlineData("alter role alice superuser")]
    [InlineData("alter role alice replication")]
    [InlineData("alter role alice bypassrls")]
    [InlineData("set role postgres")]
    [InlineData("set session authorization postgres")]
    [InlineData("create role other superuser")]
    [InlineData("grant pg_execute_server_program to alice")]
    [InlineData("grant pg_read_server_files to alice")]
    [InlineData("grant pg_write_server_files to alice")]
    [InlineData("alter role postgres password 'x'")]
    [InlineData("update pg_authid set rolsuper = true where rolname = 'alice'")]
    [InlineData("copy (select 1) to program 'touch /tmp/pgfleet-escaped'")]
    [InlineData("copy (select 1) to '/tmp/pgfleet-escaped'")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("select pg_read_file('postgresql.auto.conf')")]
    [InlineData("select pg_ls_dir('../archive')")]
    [InlineData("select pg_stat_file('../archive/identity.json')")]
    [InlineData("select lo_import('/etc/passwd')")]
    [InlineData("alter system set archive_command = ''")]
    [InlineData("alter system set log_statement = 'all'")]
    [InlineData("select pg_reload_conf()")]
    [InlineData("select pg_switch_wal()")]
    [InlineData("select pg_promote()")]
    [InlineData("select pg_create_physical_replication_slot('s')")]
    [InlineData("create extension plpython3u")]
    [InlineData("create function f() returns int language c as 'libc.so.6', 'getpid'")]
    [InlineData("create extension file_fdw")]
    [InlineData("create tablespace t location '/tmp'")]
    [InlineData("drop database postgres")]
    [InlineData("load '/tmp/evil.so'")]
    [Trait("Requirement", "R-security")]
    public async Task Is_refused(string statement) =>
        Assert.IsType<PostgresException>(await Record.ExceptionAsync(() => AskAsync(statement)));

    private Task<object?> AskAsync(string sql) => TestHome.AskAsync(shared.Server, sql);
}
