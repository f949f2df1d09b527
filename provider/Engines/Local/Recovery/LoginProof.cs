using Npgsql;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Proves that a client can log in to a restored server over TLS.</summary>
internal static class LoginProof
{
    private const int Seconds = 20;

    /// <summary>The SQLSTATE class of authentication errors.</summary>
    private const string Authorization = "28";

    /// <summary>
    /// Logs in. Without a password, it is enough that the server asks for one. No statement is run in the session, because its result would depend
    /// on the user's session settings.
    /// </summary>
    public static async Task RunAsync(ServerRecord record, InstancePaths paths, Secret? password, OperationContext work)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = ListenAddresses.Host(record.ListenAddresses),
            Port = record.Port,
            Database = AdminPool.Maintenance,
            Username = record.Username,
            Password = password?.Reveal() ?? "not known",
            SslMode = SslMode.VerifyCA,
            RootCertificate = paths.Authority,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Timeout = Seconds,
        };
        try
        {
            await using var source = new NpgsqlSlimDataSourceBuilder(address.ConnectionString).EnableTransportSecurity()
                .ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
            await using var connection = await source.OpenConnectionAsync(work.Cancel);
        }
        catch (PostgresException refusal) when (IsExpected(refusal.SqlState, password))
        {
        }
        catch (PostgresException refusal) when (!refusal.SqlState.StartsWith(Authorization, StringComparison.Ordinal))
        {
            // The role was authenticated; then a session setting of that instant made the session fail.
            work.Warn($"Instance \"{record.Name}\" is restored, and lets \"{record.Username}\" in; but with what was set at that instant the session does not begin: {refusal.MessageText}.");
        }
        catch (NpgsqlException refused)
        {
            throw new ResourceFailure(
                FailureKind.Unavailable, $"Instance \"{record.Name}\" is restored, but \"{record.Username}\" cannot log in at {address.Host}, port {record.Port}: {refused.Message}.", "See its log, then run this again: it goes on from here.", refused);
        }
    }

    /// <summary>True if the error proves enough: this machine may not be among the client networks, or the password was not known.</summary>
    private static bool IsExpected(string state, Secret? password) =>
        state == PostgresErrorCodes.InvalidAuthorizationSpecification || (password is null && state == PostgresErrorCodes.InvalidPassword);
}
