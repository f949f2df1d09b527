using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Engines.Linked;

/// <summary>Manages links to PostgreSQL servers that others run, recorded in the home.</summary>
internal sealed class LinkedEngine : ILinkedServers, IAdministratorAccess, IMigrationAccess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly LinkRegistry links;
    private readonly ServerNames names;
    private readonly Locks locks;
    private readonly FleetIdentity identity;
    private readonly LinkConnections connections;
    private readonly TimeProvider time;

    /// <summary>Creates the engine for the fleet in <paramref name="home"/>, an absolute path.</summary>
    public LinkedEngine(string home, TimeProvider time, ServerNames names)
    {
        var place = new Home(home);
        (links, this.names, locks, identity, connections, this.time) = (new(place), names, new(place, time), new(place), new(time), time);
        names.Add(links);
    }

    public Task<string?> FindIdentityAsync(CancellationToken cancel) => EnvironmentErrors.TranslateAsync(() => Task.FromResult(identity.Find()));

    public Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) => EnvironmentErrors.TranslateAsync<IReadOnlyList<Server>>(async () =>
        await Task.WhenAll(links.List().Select(record => ReportAsync(record, cancel))));

    public bool Has(string name) => links.Find(name) is not null;

    public async Task<Server?> FindAsync(string name, CancellationToken cancel) => links.Find(name) is { } record ? await ReportAsync(record, cancel) : null;

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) =>
        EnvironmentErrors.TranslateAsync(() => connections.OpenAsync(links.Get(name).Link, database, cancel));

    public ServerLink? FindLink(string name) => links.Find(name)?.Link;

    /// <summary>
    /// Uses the administrator itself if it owns the database: since PostgreSQL 16, a role that is not a superuser cannot let another act as itself.
    /// </summary>
    public async Task<MigrationLogin> LendAsync(MigrationRequest request, CancellationToken cancel) =>
        links.Get(request.Server).Link is { } link && link.AdminUsername == request.Owner
            ? new(link.AdminUsername, link.AdminPassword, IsTemporary: false)
            : await MigrationLogins.LendAsync(SessionsOn(request.Server), request, cancel);

    public Task ReturnAsync(MigrationRequest request, CancellationToken cancel) =>
        links.Get(request.Server).Link.AdminUsername == request.Owner ? Task.CompletedTask : MigrationLogins.ReturnAsync(SessionsOn(request.Server), request, cancel);

    public async Task<IReadOnlyList<Problem>> PreflightAsync(ServerLink link, bool isNew, CancellationToken cancel)
    {
        if (isNew && Taken(link.Name) is { } taken)
        {
            return [new("name", taken.Text)];
        }
        var (problem, facts) = await CheckAsync(link, cancel);
        return facts is not null && links.Find(link.Name) is { } record && Other(record, link, facts) is { } other ? [new("", other.Text)]
            : problem is not null ? [problem]
            : [];
    }

    public Task<Server> LinkAsync(ServerLink link, OperationContext<Server> work) => EnvironmentErrors.TranslateAsync(async () =>
    {
        using var instanceLock = await locks.TakeInstanceAsync(link.Name, "linked", work.Cancel);
        if (Taken(link.Name) is { } taken)
        {
            throw taken;
        }
        var facts = await VerifyAsync(link, work);
        identity.Ensure();
        var server = Report(links.Write(RecordOf(link, facts, time.GetUtcNow(), Guid.NewGuid())));
        work.SavePartial(server);
        work.Step("recorded the server");
        return server;
    });

    public Task<Server> UpdateLinkAsync(ServerLink link, OperationContext work) => EnvironmentErrors.TranslateAsync(async () =>
    {
        using var instanceLock = await locks.TakeInstanceAsync(link.Name, "linked", work.Cancel);
        var record = links.Get(link.Name);
        var facts = await VerifyAsync(link, work);
        return Other(record, link, facts) is { } other ? throw other : Report(links.Write(RecordOf(link, facts, record.LinkedAt, record.Identity)));
    });

    public Task UnlinkAsync(string name, OperationContext work, string? identity = null) => EnvironmentErrors.TranslateAsync(async () =>
    {
        if (Has(name))
        {
            using var instanceLock = await locks.TakeInstanceAsync(name, "unlinked", work.Cancel);
            if (identity is not null && links.Find(name) is { } record && $"{record.Identity}" != identity)
            {
                work.Warn(Claim.LeftAlone(name));
                return name;
            }
            links.Delete(name);
            work.Report("forgot the server");
        }
        return name;
    });

    private Sessions SessionsOn(string server) => new((database, cancel) => OpenAsync(server, database, cancel), time);

    private async Task<LinkFacts> VerifyAsync(ServerLink link, OperationContext work)
    {
        var facts = await connections.ReadFactsAsync(link, work.Cancel);
        facts.Require(link);
        work.Step("logged in");
        return facts;
    }

    /// <summary>Checks the connection. A failure is only a warning, because another resource of the same program may correct it before the operation.</summary>
    private async Task<(Problem? Problem, LinkFacts? Facts)> CheckAsync(ServerLink link, CancellationToken cancel)
    {
        try
        {
            var facts = await connections.ReadFactsAsync(link, cancel);
            facts.Require(link);
            return (null, facts);
        }
        catch (ResourceFailure failure)
        {
            return (new("", failure.Text, Refuses: false), null);
        }
    }

    private ResourceFailure? Taken(string name) =>
        Has(name)
            ? new(
                FailureKind.Conflict,
                $"\"{name}\" is the name of a server that is linked already.",
                $"Choose another name, or take it over: {Term.Import("LinkedInstance", name, name)}")
        : names.FindOther(name, links)?.TakenFailure();

    /// <summary>Refuses another server: databases are declared on a server, not on an address, and would be created anew on the other one.</summary>
    private static ResourceFailure? Other(LinkRecord record, ServerLink link, LinkFacts facts) =>
        (record.Link.Host, record.Link.Port) != (link.Host, link.Port)
        && record.SystemIdentifier is { } before && facts.SystemIdentifier is { } now && before != now
            ? new(
                FailureKind.Refused,
                $"{Term.Property("host")}: \"{link.Host}\", port {link.Port}, is another server than \"{link.Name}\" (its system identifier is {now}, not {before}).",
                "Link it under a name of its own, and leave this one as it is until nothing is declared on it.")
            : null;

    private async Task<Server> ReportAsync(LinkRecord record, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await using var admin = await connections.OpenAsync(record.Link, AdminPool.Maintenance, both.Token);
            return Report(record with { ServerVersion = LinkFacts.VersionOf(admin.Connection) });
        }
        catch (ResourceFailure full) when (full.Kind == FailureKind.Exhausted)
        {
            return Report(record); // The server runs and is busy; operations on it retry.
        }
        catch (ResourceFailure refused)
        {
            return Report(record, refused.Text);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Report(record, $"it does not answer within {Timeout.TotalSeconds:0} s");
        }
    }

    private static Server Report(LinkRecord record, Message? complaint = null) => new()
    {
        Name = record.Link.Name,
        Identity = $"{record.Identity}",
        Username = record.Link.AdminUsername,
        Status = complaint is null ? ServerStatus.Available : ServerStatus.Unreachable,
        Reason = complaint,
        Host = record.Link.Host,
        Port = record.Link.Port,
        SslMode = record.Link.SslMode,
        CaCertificate = record.Link.CaCertificate ?? "",
        Version = record.ServerVersion,
        CreatedAt = record.LinkedAt,
    };

    private static LinkRecord RecordOf(ServerLink link, LinkFacts facts, DateTimeOffset linkedAt, Guid identity) => new()
    {
        Format = LinkRecord.CurrentFormat,
        Link = link,
        ServerVersion = facts.Version,
        SystemIdentifier = facts.SystemIdentifier,
        LinkedAt = linkedAt,
        Identity = identity,
    };
}
