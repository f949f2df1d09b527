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
        var said = refused switch
        {
            PostgresException denied => OfServer(link, database, denied),
            { InnerException: SocketException silent } => OfNetwork(link, silent),
            { InnerException: CertificateRejection rejected } => OfCertificate(link, rejected),
            { InnerException: TimeoutException } or { InnerException: OperationCanceledException } =>
                new Said(FailureKind.Unavailable, $"{Term.Property("host")}: {Address(link)} does not answer.", $"See that it runs and that this machine may reach it, or correct {Term.Property("host")} and {Term.Property("port")}."),
            // Apart from a missing password, the one error that Npgsql raises itself without an inner exception.
            { InnerException: null } when link.SslMode != "disable" =>
                new Said(FailureKind.Refused, $"{Term.Property("sslMode")}: {Address(link)} offers no TLS, and \"{link.SslMode}\" demands it.", $"Turn TLS on there, or set {Term.Property("sslMode")} to \"disable\" if the network between is yours."),
            _ => new Said(FailureKind.Unavailable, $"{Term.Property("host")}: {Address(link)} broke the connection off: {refused.InnerException?.Message ?? refused.Message}", $"See its log, or correct {Term.Property("host")} and {Term.Property("port")}."),
        };
        return new(said.Kind, said.What, said.Remedy, refused);
    }

    private static Said OfServer(ServerLink link, string database, PostgresException said) => said.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            new Said(FailureKind.Denied, $"{Term.Property("adminPassword")}: {Address(link)} does not take it for \"{link.AdminUsername}\".", "Write the password that the role has there; pgfleet does not set it."),
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new Said(FailureKind.Denied,
            $"{Term.Property("adminUsername")}: {Address(link)} does not let \"{link.AdminUsername}\" in{(link.SslMode == "disable" ? " without TLS" : "")}: {said.MessageText}.",
            link.SslMode == "disable" ? Message.Of($"Set {Term.Property("sslMode")} to \"verify-full\", correct {Term.Property("adminUsername")}, or have the server's pg_hba.conf allow it.") : Message.Of($"Correct {Term.Property("adminUsername")}, or have the server's pg_hba.conf allow it.")),
        _ => new Said(SqlFailure.KindOf(said.SqlState), $"{Address(link)} lets nobody into its database \"{database}\": {said.MessageText} (SQLSTATE {said.SqlState}).", "Correct what it names, then run this again."),
    };

    private static Said OfNetwork(ServerLink link, SocketException silent) =>
        silent.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
            ? new Said(FailureKind.Unavailable, $"{Term.Property("host")}: nobody knows the address of \"{link.Host}\".", "Correct the name.")
            : new Said(FailureKind.Unavailable, $"{Term.Property("host")}: {Address(link)} does not answer: {silent.Message}.", $"See that it runs and that this machine may reach it, or correct {Term.Property("host")} and {Term.Property("port")}.");

    private static Said OfCertificate(ServerLink link, CertificateRejection rejected) =>
        rejected.IsOnlyTheName
            ? new Said(FailureKind.Refused, $"{Term.Property("host")}: the certificate of {Address(link)} is for another name.", $"Write the name that the certificate has, or set {Term.Property("sslMode")} to \"verify-ca\".")
            : new Said(FailureKind.Refused,
                $"{Term.Property("caCertificate")}: the certificate of {Address(link)} is signed by none of {(link.CaCertificate is null ? "the authorities that this machine trusts" : "its authorities")}.",
                "Write the PEM certificate of the authority that signed it.");

    private sealed record Said(FailureKind Kind, Message What, Message Remedy);

    private static string Address(ServerLink link) => $"\"{link.Host}\", port {link.Port},";
}
