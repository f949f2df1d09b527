using Npgsql;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Proves that a client reaches a restored server, over TLS, as it will.</summary>
internal static class LoginProof
{
    private const int Seconds = 20;

    /// <summary>The class of the SQLSTATEs that refuse a role or its password.</summary>
    private const string Authorization = "28";

    /// <summary>
    /// Without a password, that the server asks for it proves as much as can be proven. Nothing is said in the session: what the user has set
    /// for sessions would decide what comes of it.
    /// </summary>
    public static async Task RunAsync(ServerRecord record, InstancePaths paths, Secret? password, OperationContext work)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = ListenAddresses.Host(record.ListenAddresses),
            Port = record.Port,
            Database = ServerConfiguration.Superuser,
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
            // It has let the role in, and then met what was set for its sessions at that instant.
            work.Warn($"Instance \"{record.Name}\" is restored, and lets \"{record.Username}\" in; but with what was set at that instant the session does not begin: {refusal.MessageText}.");
        }
        catch (NpgsqlException refused)
        {
            throw new ResourceFailure(
                FailureKind.Unavailable, $"Instance \"{record.Name}\" is restored, but \"{record.Username}\" cannot log in at {address.Host}, port {record.Port}: {refused.Message}.", "See its log, then run this again: it goes on from here.", refused);
        }
    }

    /// <summary>This machine may not be among the clients; and what was not known cannot be right.</summary>
    private static bool IsExpected(string state, Secret? password) =>
        state == PostgresErrorCodes.InvalidAuthorizationSpecification || (password is null && state == PostgresErrorCodes.InvalidPassword);
}
