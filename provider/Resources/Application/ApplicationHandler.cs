using System.Collections.Immutable;
using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources.Instances;
using PgFleet.Schema.Types;
using PgFleet.Security;
using State = PgFleet.Resources.State<PgFleet.Resources.Application.ApplicationArgs, PgFleet.Resources.Application.ApplicationOutputs>;

namespace PgFleet.Resources.Application;

/// <summary>Manages an application bound to an instance. Creating and updating deploys it; its database is never deleted with it.</summary>
internal sealed class ApplicationHandler(IServerDirectory servers, IAdministratorAccess administrator, IMigrationAccess migrations, ApplicationStore store) : IHandler<ApplicationArgs, ApplicationOutputs>
{
    private static readonly IReadOnlyDictionary<string, string> Untriggered = ImmutableDictionary<string, string>.Empty;

    public string Id(ApplicationArgs args) => args.Name;

    public IEnumerable<Problem> Check(ApplicationArgs args)
    {
        if (args.Connection is { } connection && !ConnectionUri.Is(connection))
        {
            yield return new("connection", $"is not a connection URI: write postgresql://user:password@host:port/database, or pass an instance's {Term.Property("connectionUri")}.");
        }
    }

    /// <summary>Computes the source hash and the database, from the directory or from the stored source of a version.</summary>
    public Task<ApplicationArgs> ComputeAtPlanAsync(ApplicationArgs args, ICollection<Problem> problems, CancellationToken cancel)
    {
        var path = args.PreviousVersion is null ? "directory" : "previousVersion";
        try
        {
            var source = ApplicationSource.Read(store, args.Name, args.Directory.ToString(), args.PreviousVersion);
            foreach (var warning in source.Config.Warnings)
            {
                problems.Add(new(path, warning, Refuses: false));
            }
            return Task.FromResult(args with { SourceHash = source.Hash, Database = source.Config.Database });
        }
        catch (ResourceFailure failure)
        {
            problems.Add(new(path, failure.Text));
            return Task.FromResult(args);
        }
    }

    public Task<Message?> LossAsync(ApplicationArgs args, CancellationToken cancel) =>
        Task.FromResult<Message?>($"The application \"{args.Name}\" will be forgotten, with every version that was kept of it. Its database stays.");

    public async Task<IReadOnlyList<Problem>> PreflightAsync(State? prior, ApplicationArgs planned, PreflightContext context)
    {
        var taken = prior is null && context.DeletedFirst != planned.Name ? store.Find(planned.Name) : null;
        return
        [
            .. taken is null ? [] : new[] { new Problem("name", Refusals.Taken(taken).Text) },
            .. context.IsPlanned(planned.Instance) ? [] : await CheckInstanceAsync(planned, context.Cancel),
        ];
    }

    public Task<State> CreateAsync(ApplicationArgs planned, OperationContext<State> work) => DeployAsync(null, planned, work);

    public async Task<State?> ReadAsync(string id, State? prior, OperationContext work)
    {
        if (store.Find(id) is not { } record)
        {
            return null;
        }
        var fleet = await FleetGuard.GetAsync(servers, work.Cancel);
        var args = (prior?.Args ?? new() { Name = id, Directory = FolderPath.Of(record.Directory)!, Instance = record.Instance }) with
        {
            Instance = record.Instance,
            SourceHash = record.Current.SourceHash,
            Database = record.Database,
        };
        var server = await servers.FindAsync(record.Instance, work.Cancel);
        // A read needs no server: if it is gone, the recorded URI is kept.
        var uri = server is null ? prior?.Outputs.ConnectionUri ?? throw InstanceReferences.Missing(record.Instance) : UriOf(args, server);
        return new(args, new() { Version = record.Current.Id, ConnectionUri = uri, FleetId = fleet, Identity = $"{record.Identity}" });
    }

    public async Task<State> UpdateAsync(State prior, ApplicationArgs planned, OperationContext<State> work) =>
        IsDeploy(prior, planned)
            ? await DeployAsync(prior, planned, work)
            : new(planned, prior.Outputs with
            {
                ConnectionUri = UriOf(planned, await InstanceReferences.GetAsync(servers, planned.Instance, work.Cancel)),
                Identity = store.Find(planned.Name) is { } record ? $"{record.Identity}" : prior.Outputs.Identity,
                FoundIdentity = null,
            });

    public async Task DeleteAsync(string id, State prior, OperationContext work)
    {
        if (!await store.DeleteAsync(id, prior.Outputs.Identity, work.Cancel))
        {
            work.Warn($"The application \"{id}\" was left alone: it is another one than the one that was to be deleted, which is gone already.");
            return;
        }
        work.Report("application forgotten");
    }

    private async Task<IReadOnlyList<Problem>> CheckInstanceAsync(ApplicationArgs planned, CancellationToken cancel)
    {
        if (await servers.FindAsync(planned.Instance, cancel) is not { } server)
        {
            return [new("instance", InstanceReferences.Missing(planned.Instance).Text)];
        }
        // A server that is unfinished or degraded may be repaired by this run.
        if (server.Status is not (ServerStatus.Available or ServerStatus.Stopped))
        {
            return [new("instance", InstanceReferences.NotAvailable(server).Text, Refuses: server.Status is ServerStatus.Lost)];
        }
        // Before the deploy, another resource may create the database with another owner, or change its owner.
        return server.Status is ServerStatus.Available && planned.SourceHash is not null && await FindRefusalAsync(planned, server, cancel) is { } refusal
            ? [new("instance", refusal.Text, Refuses: false)]
            : [];
    }

    /// <summary>True unless only <c>connection</c> changed and a deploy has already succeeded.</summary>
    private static bool IsDeploy(State prior, ApplicationArgs planned) =>
        prior.Outputs.Version.Length == 0
        || planned.Connection == prior.Args.Connection
        || WithoutMeans(planned) != WithoutMeans(prior.Args)
        || !(planned.Triggers ?? Untriggered).OrderBy(trigger => trigger.Key).SequenceEqual((prior.Args.Triggers ?? Untriggered).OrderBy(trigger => trigger.Key));

    private static ApplicationArgs WithoutMeans(ApplicationArgs args) => args with { Connection = null, Triggers = null };

    private Task<ResourceFailure?> FindRefusalAsync(ApplicationArgs planned, Server server, CancellationToken cancel) =>
        new Deployment(store, administrator, migrations).FindRefusalAsync(server, ApplicationSource.ReadConfig(store, planned.Name, planned.Directory.ToString(), planned.PreviousVersion), cancel);

    private async Task<State> DeployAsync(State? prior, ApplicationArgs planned, OperationContext<State> work)
    {
        var server = await InstanceReferences.GetAsync(servers, planned.Instance, work.Cancel);
        var fleet = await FleetGuard.GetAsync(servers, work.Cancel);
        var record = await new Deployment(store, administrator, migrations).RunAsync(SpecOf(planned) with { Identity = prior?.Outputs.Identity }, server, isNew: prior is null, fleet, Touched, work);
        return StateOf(record.Current.SourceHash, record.Database, record.Current.Id, record.Identity);

        void Touched(string database, Guid identity)
        {
            // A failed update keeps the recorded state, so that it is planned again.
            if (prior is null)
            {
                work.SavePartial(StateOf("", database, "", identity));
            }
        }

        State StateOf(string hash, string database, string version, Guid identity)
        {
            var args = planned with { SourceHash = hash, Database = database };
            return new(args, new() { Version = version, ConnectionUri = UriOf(args, server), FleetId = fleet, Identity = $"{identity}" });
        }
    }

    private static DeploySpec SpecOf(ApplicationArgs args) => new()
    {
        Application = args.Name,
        Identity = null,
        Directory = args.Directory.ToString(),
        PreviousVersion = args.PreviousVersion,
        SourceHash = args.SourceHash,
        Secrets = args.Connection is { } connection && ConnectionUri.PasswordOf(connection) is { } password ? [password] : [],
    };

    private static Secret UriOf(ApplicationArgs args, Server server) =>
        args.Connection is { } connection
            ? ConnectionUri.WithDatabase(connection, args.Database!)
            : ConnectionUri.Of(server, server.Username, password: null, args.Database!);
}
