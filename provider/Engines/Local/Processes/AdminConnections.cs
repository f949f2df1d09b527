using System.Globalization;
using Npgsql;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Opens superuser connections over an instance's socket.</summary>
internal sealed class AdminConnections(Home home, TimeProvider time)
{
    private readonly AdminPool pool = new(time);

    /// <exception cref="ResourceFailure">The server does not answer, or all connections stay in use.</exception>
    public async Task<Admin> OpenAsync(ServerRecord record, string database, CancellationToken cancel)
    {
        try
        {
            return await pool.OpenAsync(record.Name, Address(record, database), Pins.OfSuperuser(int.Parse(record.PostgresVersion, CultureInfo.InvariantCulture)), cancel);
        }
        catch (NpgsqlException refused)
        {
            throw new ResourceFailure(
                FailureKind.Unavailable,
                $"Instance \"{record.Name}\" does not answer on its socket for database \"{database}\": {refused.InnerException?.Message ?? refused.Message}.",
                "See its log.",
                refused);
        }
    }

    private NpgsqlConnectionStringBuilder Address(ServerRecord record, string database)
    {
        var paths = home.Of(record.Name);
        return new()
        {
            Host = paths.Socket,
            Port = RunningPort(paths) ?? record.Port,
            Database = database,
            Username = Roles.Superuser,
            SslMode = SslMode.Disable,
        };
    }

    /// <summary>The port that the server was started with. It differs from the record if a change was interrupted.</summary>
    private static int? RunningPort(InstancePaths paths) =>
        int.TryParse(Postmaster.Find(paths.Data)?.Setting("port"), CultureInfo.InvariantCulture, out var port) ? port : null;
}
