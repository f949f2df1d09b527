using Npgsql;

namespace PgFleet.Tests.Engines.Local;

/// <summary>Who may log in, and how.</summary>
public sealed class LoginTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    [Trait("Requirement", "R7")]
    public async Task The_user_logs_in_over_TLS() =>
        Assert.Equal("alice|t", await TestHome.AskAsync(shared.Server, "select concat_ws('|', current_user, ssl) from pg_stat_ssl where pid = pg_backend_pid()"));

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(shared.Server, "select 1", password: "not-the-password"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task A_connection_without_TLS_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => TestHome.LogInAsync(shared.Server, mode: SslMode.Disable));
        Assert.Contains("no encryption", refusal.MessageText);
    }

    [Fact]
    public async Task The_superuser_has_no_password_to_log_in_with() =>
        await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(shared.Server, "select 1", username: "postgres"));

    [Fact]
    public async Task The_user_does_not_get_in_over_the_socket()
    {
        await using var connection = new NpgsqlConnection($"Host={shared.Home.Paths().Socket};Port={shared.Server.Spec.Placement.Port};Username=alice;Password={TestHome.Password};Database=postgres;Pooling=false");
        await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
    }

    [Fact]
    public async Task Anybody_else_on_the_machine_does_not_get_in_as_superuser()
    {
        var attempt = await Assert.ThrowsAnyAsync<Exception>(() => CliWrap.Cli.Wrap("setpriv")
            .WithArguments(["--reuid=65534", "--regid=65534", "--clear-groups", ScratchServer.Tool("psql"), "-h", shared.Home.Paths().Socket, "-p", $"{shared.Server.Spec.Placement.Port}", "-U", "postgres", "-c", "select 1"])
            .WithWorkingDirectory("/").ExecuteAsync());
        Assert.IsType<CliWrap.Exceptions.CommandExecutionException>(attempt);
    }

    [Fact]
    public async Task Data_are_checksummed_and_in_UTF8()
    {
        Assert.Equal("on|UTF8|C.UTF-8|scram-sha-256", await shared.Home.AskAdminAsync(
            """
            select concat_ws('|', current_setting('data_checksums'), pg_encoding_to_char(encoding), datcollate, current_setting('password_encryption'))
            from pg_database where datname = 'postgres'
            """));
    }
}
