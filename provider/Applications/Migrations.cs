using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>Runs an application's commands against its database, in order, with a temporary login that acts as the database's owner.</summary>
/// <param name="application">The application's name.</param>
/// <param name="server">The server that holds the database.</param>
/// <param name="access">Creates and removes the login.</param>
/// <param name="sessions">The administrator's sessions.</param>
/// <param name="target">Returns the database's URI for a role and its password.</param>
/// <param name="secrets">The user's secrets, masked in commands' output.</param>
/// <param name="authority">The CA files that the server's certificate is verified with; null: the client's own.</param>
internal sealed class Migrations(string application, Server server, IMigrationAccess access, Sessions sessions, Func<string, Secret, Secret> target, IEnumerable<Secret> secrets, AuthorityFiles? authority)
{
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);

    /// <param name="database">The database.</param>
    /// <param name="commands">Shell commands.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="fleet">The fleet's identity, which distinguishes the roles of two fleets on one server.</param>
    /// <param name="work">The operation.</param>
    /// <returns>When the last command ended, by the server's clock, and the columns at that time.</returns>
    /// <exception cref="ResourceFailure">A command failed; the effects of earlier ones remain.</exception>
    public async Task<(DateTimeOffset Ended, ColumnSnapshot Columns)> RunAsync(FoundDatabase database, IReadOnlyList<string> commands, string folder, string fleet, OperationContext work)
    {
        if (commands.Count == 0)
        {
            return (await ClockAsync(work.Cancel), await ColumnsAsync(database.Spec.Name, work.Cancel));
        }
        var role = $"{MigrationRole.Group}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fleet}\0{application}")))[..16]}";
        var request = new MigrationRequest(server.Name, database.Spec.Name, database.Spec.Owner, role);
        try
        {
            var login = await access.LendAsync(request, work.Cancel);
            if (login.IsTemporary)
            {
                work.Step("migration role made");
            }
            return await RunAllAsync(commands, folder, TargetOf(login.Username, login.Password, database.Spec.Name), work);
        }
        finally
        {
            await TryReturnAsync(request, work);
        }
    }

    private async Task<(DateTimeOffset Ended, ColumnSnapshot Columns)> RunAllAsync(IReadOnlyList<string> commands, string folder, Target to, OperationContext work)
    {
        var before = await ColumnsAsync(to.Database, work.Cancel);
        var start = await ClockAsync(work.Cancel);
        var redaction = new Redaction([to.Password, .. secrets]);
        var environment = TargetEnvironment.Of(to);
        for (var i = 0; i < commands.Count; i++)
        {
            work.Step($"migration {i + 1} of {commands.Count}");
            var result = await new ShellCommand(commands[i], folder, environment).RunAsync(work.Cancel);
            if (result.Code != 0)
            {
                throw Failed(i + 1, commands, result, start, redaction);
            }
        }
        work.Step("migrations ended");
        var ended = await ClockAsync(work.Cancel);
        var after = await ColumnsAsync(to.Database, work.Cancel);
        Warn(before, after, work);
        return (ended, after);
    }

    private ResourceFailure Failed(int number, IReadOnlyList<string> commands, ShellResult result, DateTimeOffset start, Redaction redaction) => new(
        FailureKind.Refused,
        redaction.Apply($"""
            Migration {number} of {commands.Count} of application "{application}" on instance "{server.Name}" failed.
            command: {commands[number - 1]}
            exit code: {result.Code.ToString(CultureInfo.InvariantCulture)}
            stdout: {result.Output.Trim()}
            stderr: {result.Error.Trim()}
            """),
        $"""


        What this command and those before it did is kept, and the application is still what it was before. Correct the migration, or the schema by hand, and run again: every command runs again.
        {(server is ManagedServer ? Message.Of($"The state before the first command is that of {Term.Property("restoreTime")}:") : "To bring back the state before the first command is up to whoever runs the server; it is that of")} "{RecoveryWindow.Time(start)}".
        """);

    private void Warn(ColumnSnapshot before, ColumnSnapshot after, OperationContext work)
    {
        if (before.LostIn(after).ToList() is { Count: > 0 } lost)
        {
            work.Warn($"The migrations of application \"{application}\" took columns away that code of an earlier version may still use: {string.Join("; ", lost)}.");
        }
    }

    private Target TargetOf(string role, Secret password, string database) =>
        new(target(role, password), server.Host, role, server.Port, password, database, server.SslMode, authority);

    private Task<ColumnSnapshot> ColumnsAsync(string database, CancellationToken cancel) =>
        sessions.ReadAsync(database, $"read the columns of database \"{database}\"", connection => ColumnSnapshot.ReadAsync(connection, cancel), cancel);

    private async Task<DateTimeOffset> ClockAsync(CancellationToken cancel) => new(
        await sessions.ReadAsync(Sessions.Maintenance, "ask for the time", connection => connection.ScalarAsync<DateTime>("select pg_catalog.clock_timestamp()", [], cancel), cancel));

    /// <summary>
    /// Drops the role. Errors are only a warning, because an earlier failure matters more; a remaining role is dropped by the next deploy, and expires.
    /// </summary>
    private async Task TryReturnAsync(MigrationRequest request, OperationContext work)
    {
        using var cleanupTimeout = new CancellationTokenSource(CleanupTimeout);
        try
        {
            await access.ReturnAsync(request, cleanupTimeout.Token);
        }
        catch (Exception failure) when (failure is ResourceFailure or OperationCanceledException)
        {
            work.Warn($"The role that the migrations ran as is still there, and goes with the next deploy. {(failure is ResourceFailure told ? told.Text : failure.Message)}");
        }
    }
}
