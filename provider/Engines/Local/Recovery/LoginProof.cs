using Npgsql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Proves that a client reaches a restored server, over TLS, as it will.</summary>
internal static class LoginProof
{
    private const int Seconds = 20;

    /// <summary>Without a password, that the server asks for it proves as much as can be proven.</summary>
    public static async Task RunAsync(ServerRecord record, InstancePaths paths, string? password, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = ListenAddresses.Host(record.ListenAddresses),
            Port = record.Port,
            Database = Configuration.Superuser,
            Username = record.Username,
            Password = password ?? "not known",
            SslMode = SslMode.VerifyCA,
            RootCertificate = paths.Authority,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Timeout = Seconds,
        };
        try
        {
            await using var source = new NpgsqlSlimDataSourceBuilder(address.ConnectionString).EnableTransportSecurity().Build();
            await using var connection = await source.OpenConnectionAsync(cancel);
        }
        catch (PostgresException refusal) when (IsExpected(refusal.SqlState, password))
        {
        }
        catch (NpgsqlException refused)
        {
            throw new ResourceFailure(
                FailureKind.Unavailable, $"Instance \"{record.Name}\" is restored, but \"{record.Username}\" cannot log in at {address.Host}, port {record.Port}: {refused.Message}.", "See its log, then run this again: it goes on from here.", refused);
        }
    }

    /// <summary>This machine may not be among the clients; and what was not known cannot be right.</summary>
    private static bool IsExpected(string state, string? password) =>
        state == PostgresErrorCodes.InvalidAuthorizationSpecification || (password is null && state == PostgresErrorCodes.InvalidPassword);
}
