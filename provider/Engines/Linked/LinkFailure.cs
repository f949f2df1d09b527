using System.Net.Sockets;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Linked;

/// <summary>Explains why a linked server rejected its administrator, in terms of the inputs. No text contains the password.</summary>
internal static class LinkFailure
{
    /// <param name="link">The link that was used.</param>
    /// <param name="database">The database that was to be opened.</param>
    /// <param name="refused">The error.</param>
    public static ResourceFailure Of(ServerLink link, string database, NpgsqlException refused)
    {
        var (kind, what, remedy) = refused switch
        {
            PostgresException said => OfServer(link, database, said),
            { InnerException: SocketException silent } => OfNetwork(link, silent),
            { InnerException: CertificateRejection rejected } => OfCertificate(link, rejected),
            { InnerException: TimeoutException } or { InnerException: OperationCanceledException } =>
                (FailureKind.Unavailable, $"host: {Address(link)} does not answer.", "See that it runs and that this machine may reach it, or correct host and port."),
            // Apart from a missing password, the one error that Npgsql raises itself without an inner exception.
            { InnerException: null } when link.SslMode != "disable" =>
                (FailureKind.Refused, $"sslMode: {Address(link)} offers no TLS, and \"{link.SslMode}\" demands it.", "Turn TLS on there, or set sslMode to \"disable\" if the network between is yours."),
            _ => (FailureKind.Unavailable, $"host: {Address(link)} broke the connection off: {refused.InnerException?.Message ?? refused.Message}", "See its log, or correct host and port."),
        };
        return new(kind, what, remedy, refused);
    }

    private static (FailureKind Kind, string What, string Remedy) OfServer(ServerLink link, string database, PostgresException said) => said.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            (FailureKind.Denied, $"adminPassword: {Address(link)} does not take it for \"{link.AdminUsername}\".", "Write the password that the role has there; pgfleet does not set it."),
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            (FailureKind.Denied,
            $"adminUsername: {Address(link)} does not let \"{link.AdminUsername}\" in{(link.SslMode == "disable" ? " without TLS" : "")}: {said.MessageText}.",
            link.SslMode == "disable" ? "Set sslMode to \"verify-full\", correct adminUsername, or have the server's pg_hba.conf allow it." : "Correct adminUsername, or have the server's pg_hba.conf allow it."),
        _ => (SqlFailure.KindOf(said.SqlState), $"{Address(link)} lets nobody into its database \"{database}\": {said.MessageText} (SQLSTATE {said.SqlState}).", "Correct what it names, then run this again."),
    };

    private static (FailureKind Kind, string What, string Remedy) OfNetwork(ServerLink link, SocketException silent) =>
        silent.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
            ? (FailureKind.Unavailable, $"host: nobody knows the address of \"{link.Host}\".", "Correct the name.")
            : (FailureKind.Unavailable, $"host: {Address(link)} does not answer: {silent.Message}.", "See that it runs and that this machine may reach it, or correct host and port.");

    private static (FailureKind Kind, string What, string Remedy) OfCertificate(ServerLink link, CertificateRejection rejected) =>
        rejected.IsOnlyTheName
            ? (FailureKind.Refused, $"host: the certificate of {Address(link)} is for another name.", "Write the name that the certificate has, or set sslMode to \"verify-ca\".")
            : (FailureKind.Refused,
                $"caCertificate: the certificate of {Address(link)} is signed by none of {(link.CaCertificate is null ? "the authorities that this machine trusts" : "its authorities")}.",
                "Write the PEM certificate of the authority that signed it.");

    private static string Address(ServerLink link) => $"\"{link.Host}\", port {link.Port},";
}
