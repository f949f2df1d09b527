using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Resources.Instances;
using State = PgFleet.Resources.State<PgFleet.Resources.Database.DatabaseArgs, PgFleet.Resources.Database.DatabaseOutputs>;

namespace PgFleet.Resources.Database;

/// <summary>Manages a database of an instance. Its id is INSTANCE/NAME; an instance's name contains no slash, but a database's may.</summary>
/// <param name="servers">The fleet's servers.</param>
/// <param name="databasesOf">Returns the databases of the server of a name.</param>
/// <param name="time">Clock of the cache and of retries; null: the system's.</param>
internal sealed class DatabaseHandler(IServerDirectory servers, Func<string, IDatabases> databasesOf, TimeProvider? time = null) : IHandler<DatabaseArgs, DatabaseOutputs>
{
    private readonly DatabaseListCache databaseLists = new(servers, databasesOf, time ?? TimeProvider.System);

    public DatabaseHandler(IServerDirectory servers, IAdministratorAccess administrator, TimeProvider? time = null)
        : this(servers, instance => new Databases((database, cancel) => administrator.OpenAsync(instance, database, cancel)), time)
    {
    }

    public string Id(DatabaseArgs args) => $"{args.Instance}/{args.Name}";

    public IEnumerable<Problem> Check(DatabaseArgs args) => DatabaseRules.Of(args);

    public Task<Message?> LossAsync(DatabaseArgs args, CancellationToken cancel) => Task.FromResult<Message?>(
        args.OnDelete is "retain" ? null : $"The database \"{args.Name}\" on instance \"{args.Instance}\" will be dropped, with everything in it.");

    public async Task<IReadOnlyList<Problem>> PreflightAsync(State? prior, DatabaseArgs planned, PreflightContext context) =>
        !context.IsPlanned(planned.Instance)
            ? await new DatabasePreflight(servers, databasesOf, isFreed: context.DeletedFirst == Id(planned), isProof: context.IsProof).RunAsync(prior?.Args, planned, context.Cancel)
        : context.PlannedVersion(planned.Instance) is { } version
            ? [.. await DatabasePreflight.OfFilesAsync(servers, null, planned, version.Length == 0 ? null : version, context.Cancel)]
        : [];

    /// <summary>What was on a server that was made anew, or is made in part, went with what the server was before.</summary>
    public async Task<bool> IsProtectedAsync(string id, bool isRecorded, DatabaseOutputs? outputs, PreflightContext context)
    {
        var (instance, name) = Split(id);
        return isRecorded
            && !SystemDatabases.Is(name)
            && await servers.FindAsync(instance, context.Cancel) is { Status: not ServerStatus.Unfinished } server
            && (DatabaseIdentity.Parse(outputs?.Identity) is not { } meant || meant.Server == server.Identity);
    }

    public async Task<IReadOnlyList<Problem>> RemovalAsync(string id, DatabaseArgs? args, PreflightContext context)
    {
        var (instance, name) = Split(id);
        if (args is null or { OnDelete: "retain" } || SystemDatabases.Is(name)
            || await servers.FindAsync(instance, context.Cancel) is not { Status: not ServerStatus.Unfinished } server)
        {
            return [];
        }
        if (server.StoppedByUser || server.Status is ServerStatus.Lost or ServerStatus.Unreachable)
        {
            return [new("", $"Database \"{id}\" cannot be dropped: {InstanceReferences.NotAvailable(server).Text}")];
        }
        return server.Status is ServerStatus.Available && await databasesOf(instance).FindDropBlockerAsync(name, args.OnDelete is "force", context.Cancel) is { } hindrance
            ? [new("", hindrance.Text)]
            : [];
    }

    public async Task<State> CreateAsync(DatabaseArgs planned, OperationContext<State> work)
    {
        var server = await InstanceReferences.GetAsync(servers, planned.Instance, work.Cancel);
        var fleet = await FleetGuard.GetAsync(servers, work.Cancel);
        var created = await databaseLists.ChangeAsync(
            planned.Instance, () => databasesOf(planned.Instance).CreateAsync(DatabaseValues.SpecOf(planned, server.Username), Import.Of(planned), work));
        var args = DatabaseValues.Completed(planned, created);
        var state = new State(args, DatabaseValues.Outputs(args, server, fleet, $"{DatabaseIdentity.Of(server, created)}"));
        work.SavePartial(state);
        work.Step("database created");
        return state;
    }

    public async Task<State?> ReadAsync(string id, State? prior, OperationContext work)
    {
        var (instance, name) = Split(id);
        if (await databaseLists.OfAsync(instance, isFresh: prior is null, work.Cancel) is not { } list)
        {
            return prior is null ? throw InstanceReferences.Missing(instance) : null;
        }
        // The server was replaced, incompletely; the old server's databases are gone.
        if (prior is not null && list.Server.Status is ServerStatus.Unfinished)
        {
            return null;
        }
        // A read starts no server. A database that cannot be read is not gone: the instance's own status shows the cause.
        if (list.Databases is not { } databases)
        {
            return prior ?? throw InstanceReferences.NotAvailable(list.Server);
        }
        if (!databases.TryGetValue(name, out var found))
        {
            return null;
        }
        if (prior is null && SystemDatabases.Is(found))
        {
            throw new ResourceFailure(FailureKind.Refused, $"Database \"{id}\" belongs to PostgreSQL itself, and is nobody's to manage.", "Import one of your own.");
        }

        var observed = await new DatabaseObservation(databasesOf(instance), found, prior?.Args).ReadAsync(instance, work.Cancel);
        return new(observed, DatabaseValues.Outputs(observed, list.Server, await FleetGuard.GetAsync(servers, work.Cancel), $"{DatabaseIdentity.Of(list.Server, found)}"));
    }

    public async Task<State> UpdateAsync(State prior, DatabaseArgs planned, OperationContext<State> work)
    {
        var args = planned with { Owner = planned.Owner ?? prior.Args.Owner };
        var (before, after) = (DatabaseValues.SpecOf(prior.Args, args.Owner!), DatabaseValues.SpecOf(args, args.Owner!));
        var alters = Databases.Differ(before, after);
        if (alters)
        {
            await databaseLists.ChangeAsync(args.Instance, () => AlterAsync(args.Instance, before, after, work));
        }
        if (!alters && args.Connection == prior.Args.Connection && args.Owner == prior.Args.Owner && prior.Outputs is { Identity: not null, FoundIdentity: null })
        {
            return new(args, prior.Outputs);
        }

        var server = await InstanceReferences.FindAsync(servers, planned.Instance, work.Cancel) ?? throw InstanceReferences.Missing(planned.Instance);
        return new(args, DatabaseValues.Outputs(args, server, prior.Outputs.FleetId, await IdentityAsync(server, args, work) ?? prior.Outputs.Identity));
    }

    /// <summary>The identity of the database that has the name now; null where the server cannot be queried.</summary>
    private async Task<string?> IdentityAsync(Server server, DatabaseArgs args, OperationContext work) =>
        await databaseLists.OfAsync(args.Instance, isFresh: true, work.Cancel) is not { Databases: { } databases } ? null
        : databases.TryGetValue(args.Name, out var found) ? $"{DatabaseIdentity.Of(server, found)}"
        : throw new ResourceFailure(FailureKind.Missing, $"Database \"{args.Name}\" is gone from instance \"{args.Instance}\".", "Refresh the state, and it will be made anew.");

    public async Task DeleteAsync(string id, State prior, OperationContext work)
    {
        var (instance, name) = Split(id);
        if (SystemDatabases.Is(name))
        {
            work.Warn($"The database \"{id}\" belongs to PostgreSQL itself, and stays: it is only taken out of the state.");
            return;
        }
        var meant = DatabaseIdentity.Parse(prior.Outputs.Identity);
        // If the server was replaced or is unfinished, its databases were deleted with the earlier server.
        if (await servers.FindAsync(instance, work.Cancel) is not { Status: not ServerStatus.Unfinished } server)
        {
            return;
        }
        if (meant is not null && meant.Server != server.Identity)
        {
            work.Warn($"The database \"{id}\" was left alone: the server \"{instance}\" is another one than the one that it was on, which is gone already.");
            return;
        }
        // Deleting a linked server only removes the link, and no database.
        if (work.GoesAlong && server is ManagedServer)
        {
            if (prior.Args.OnDelete is not "retain" && server.Status is ServerStatus.Available && await databasesOf(instance).FindDropBlockerAsync(name, prior.Args.OnDelete is "force", work.Cancel) is { } hindrance)
            {
                throw hindrance;
            }
            work.Report("left to go with its server");
            return;
        }
        if (prior.Args.OnDelete is "retain" || await InstanceReferences.FindAsync(servers, instance, work.Cancel) is null)
        {
            return;
        }

        try
        {
            await databaseLists.ChangeAsync(instance, () => databasesOf(instance).DropAsync(name, force: prior.Args.OnDelete is "force", work, meant?.Oid));
        }
        catch (ResourceFailure) when (!servers.Has(instance))
        {
            // The server was deleted first, with the database: an imported database has no recorded dependency on its server.
        }
    }

    /// <summary>Alters the database. An unchanged owner is read from the server, because it may have been renamed with the instance's user.</summary>
    private async Task AlterAsync(string instance, DatabaseSpec before, DatabaseSpec after, OperationContext work)
    {
        var databases = databasesOf(instance);
        var owner = before.Owner == after.Owner && await databases.FindAsync(after.Name, work.Cancel) is { } found ? found.Spec.Owner : null;
        await databases.AlterAsync(before with { Owner = owner ?? before.Owner }, after with { Owner = owner ?? after.Owner }, work);
    }

    private static (string Instance, string Name) Split(string id) =>
        id.Split('/', 2) is [{ Length: > 0 } instance, { Length: > 0 } name]
            ? (instance, name)
            : throw new ResourceFailure(FailureKind.Refused, $"\"{id}\" is not the id of a Database.", "Write INSTANCE/NAME, such as main/shop.");
}
