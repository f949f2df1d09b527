using System.Collections.Concurrent;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines.Linked;

/// <summary>Opens the administrator's connections to linked servers.</summary>
internal sealed class LinkConnections(TimeProvider time)
{
    /// <summary>Connection timeout in seconds.</summary>
    private const int Timeout = 5;

    private readonly AdminPool pool = new(time);

    /// <summary>Facts of each link from the first login. Before that, it is not known which parameters the role may set.</summary>
    private readonly ConcurrentDictionary<ServerLink, LinkFacts> known = new();

    /// <exception cref="ResourceFailure">The server rejects the administrator; the text names the input to correct.</exception>
    public async Task<Admin> OpenAsync(ServerLink link, string database, CancellationToken cancel)
    {
        if (known.TryGetValue(link, out var before))
        {
            try
            {
                return await OpenAsync(link, database, before.Pins, cancel);
            }
            catch (ResourceFailure denied) when (denied.Kind == FailureKind.Denied)
            {
                // The role may have lost the right to set a pinned parameter since.
            }
        }
        var facts = await ReadFactsAsync(link, cancel);
        return await OpenAsync(link, database, facts.Pins, cancel);
    }

    public async Task<LinkFacts> ReadFactsAsync(ServerLink link, CancellationToken cancel)
    {
        await using var admin = await OpenAsync(link, AdminPool.Maintenance, [], cancel);
        try
        {
            return known[link] = await LinkFacts.ReadFactsAsync(admin.Connection, cancel);
        }
        catch (NpgsqlException refused)
        {
            throw LinkFailure.Of(link, AdminPool.Maintenance, refused);
        }
    }

    private async Task<Admin> OpenAsync(ServerLink link, string database, IEnumerable<string> pins, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = link.Host,
            Port = link.Port,
            Database = database,
            Username = link.AdminUsername,
            Password = link.AdminPassword.Reveal(),
            Timeout = Timeout,
            SslMode = link.SslMode == "disable" ? SslMode.Disable : SslMode.Require,
        };
        try
        {
            return await pool.OpenAsync(link.Name, address, pins, cancel, builder => Secure(builder, link));
        }
        catch (NpgsqlException refused)
        {
            throw LinkFailure.Of(link, database, refused);
        }
    }

    private static void Secure(NpgsqlSlimDataSourceBuilder builder, ServerLink link)
    {
        builder.EnableTransportSecurity();
        if (link.SslMode.StartsWith("verify-", StringComparison.Ordinal))
        {
            builder.UseSslClientAuthenticationOptionsCallback(options => CertificateCheck.Configure(options, link));
        }
    }
}
