using System.Globalization;
using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Resources.Instances;

/// <summary>The operations on a managed server that DatabaseInstance and RestoredInstance share.</summary>
internal abstract class InstanceHandler<TArgs, TOutputs>(IServerEngine engine, IAdministratorAccess administrator, ApplicationStore applications) : IHandler<TArgs, TOutputs>
    where TArgs : InstanceArgs
    where TOutputs : InstanceOutputs
{
    public string Id(TArgs args) => args.Name!;

    public string? Space => InstanceReferences.Space;

    public IEnumerable<Problem> Check(TArgs args) => InstanceRules.Check(args);

    public string? Creates(TArgs args) => args.Name;

    public bool CreatesServer => true;

    public virtual Task<Message?> HintAsync(Problem problem, Func<string, string?> input, CancellationToken cancel) => Task.FromResult<Message?>(null);

    public async Task<Message?> LossAsync(TArgs args, CancellationToken cancel)
    {
        if (args.Name is null || await engine.FindAsync(args.Name, cancel) is not { } server)
        {
            return null;
        }
        var databases = "every database on it";
        if (server.Status == ServerStatus.Available)
        {
            await using var admin = await administrator.OpenAsync(args.Name, "postgres", cancel);
            var names = (await Catalogue.ListAsync(admin.Connection, cancel)).Select(found => found.Spec.Name).Except(SystemDatabases.Names).ToList();
            databases = names.Count == 0 ? "no database of yours" : $"the databases {string.Join(", ", names.Select(name => $"\"{name}\""))}";
        }
        return $"The server \"{args.Name}\" will be destroyed, and with it {databases}{Archive(server.Spec.Backup)}{Bindings.Sentence(applications, args.Name)}";
    }

    /// <summary>An unfinished one contains nothing to protect, and must be deletable so that its name can be reused.</summary>
    public async Task<bool> IsProtectedAsync(string id, bool isRecorded, TOutputs? outputs, PreflightContext context) =>
        await engine.FindAsync(id, context.Cancel) is { Status: not ServerStatus.Unfinished } server
        && (isRecorded || server.Spec.Protected == true)
        && (outputs is null || ClaimOf(outputs).Means(server))
        && (context.Stack is not { } stack || server.Spec.Urn?.StartsWith(stack, StringComparison.Ordinal) == true);

    public Task<IReadOnlyList<Problem>> RemovalAsync(string id, TArgs? args, PreflightContext context) => Task.FromResult<IReadOnlyList<Problem>>(
        context.Stack is null && engine.Has(id) && Bindings.Refusal(applications, id, context.Counts) is { } bound ? [new("", bound.Text)] : []);

    public async Task<IReadOnlyList<Problem>> PreflightAsync(State<TArgs, TOutputs>? prior, TArgs planned, PreflightContext context)
    {
        if (planned.Name is null)
        {
            return [];
        }
        var server = prior is null ? null : await engine.FindAsync(planned.Name, context.Cancel);
        if (prior is not null && server is null)
        {
            return [new("name", $"\"{planned.Name}\" is gone from this fleet. Refresh the state, and it will be made anew.")];
        }
        var deletedFirst = context.DeletedFirst is { } replaced ? await engine.FindAsync(replaced, context.Cancel) : null;
        return
        [
            .. from problem in await engine.PreflightAsync(server, SpecOf(planned, context.Urn), context.Cancel)
               where !IsHeldBy(deletedFirst, problem, planned) && !WillBeMade(problem, planned, context)
               select IsLostAndUnprotected(server, planned) ? problem with { Refuses = false } : problem,
        ];
    }

    public async Task<State<TArgs, TOutputs>> CreateAsync(TArgs planned, OperationContext<State<TArgs, TOutputs>> work)
    {
        var creation = work.For<ManagedServer>();
        try
        {
            return await StateAsync(await engine.CreateAsync(SpecOf(planned, work.Urn), creation), planned);
        }
        finally
        {
            if (creation.Partial is { } partial)
            {
                work.SavePartial(await StateAsync(partial, planned));
            }
        }
    }

    public async Task<State<TArgs, TOutputs>?> ReadAsync(string id, State<TArgs, TOutputs>? prior, OperationContext work) =>
        await engine.FindAsync(id, work.Cancel) is { } server ? await StateAsync(server, prior?.Args) : null;

    public async Task<State<TArgs, TOutputs>> UpdateAsync(State<TArgs, TOutputs> prior, TArgs planned, OperationContext<State<TArgs, TOutputs>> work) =>
        await StateAsync(await engine.ApplyAsync(SpecOf(planned, work.Urn), work, ClaimOf(prior.Outputs)), planned);

    public async Task DeleteAsync(string id, State<TArgs, TOutputs> prior, OperationContext work)
    {
        var claim = ClaimOf(prior.Outputs);
        if (await engine.FindAsync(id, work.Cancel) is { } server && claim.Means(server))
        {
            Bindings.RequireNone(applications, id);
        }
        await engine.DeleteAsync(id, work, claim);
    }

    protected abstract ServerSpec SpecOf(TArgs args);

    /// <summary>Converts a server to a state. <paramref name="known"/> are the recorded or planned inputs; null on an import.</summary>
    protected abstract State<TArgs, TOutputs> StateOf(ManagedServer server, TArgs? known, string fleetId);

    protected static Secret UriOf(Server server, Secret? password) => ConnectionUri.Of(server, server.Username, password, "postgres");

    /// <summary>
    /// True if a server's data is lost and its protection is removed: that must not stop the rest of the program, which may declare its restore.
    /// </summary>
    private bool IsLostAndUnprotected(Server? server, TArgs planned) => server is { Status: ServerStatus.Lost } && SpecOf(planned).Protected != true;

    private async Task<State<TArgs, TOutputs>> StateAsync(ManagedServer server, TArgs? known) =>
        StateOf(server, known, await FleetGuard.GetAsync(engine, CancellationToken.None));

    /// <summary>What happens to its archive, as the end of a sentence.</summary>
    private static Message Archive(BackupPolicy backup) => backup.OnDelete == ArchiveOnDelete.Delete
        ? Message.Of($", its archive and its backups, for good: its {Term.Property("backup.onDelete")} is \"delete\".")
        : Message.Of($". Its archive and its backups are kept for {Schema.Types.Duration.Of(backup.Retention).ToString()}, and a {Term.Resource("RestoredInstance")} can bring it back from them.");

    private static Claim ClaimOf(TOutputs outputs) => new(
        outputs.Identity,
        DateTimeOffset.TryParse(outputs.CreatedAt, CultureInfo.InvariantCulture, out var moment) ? moment : null);

    private static bool IsHeldBy(Server? deletedFirst, Problem problem, TArgs planned) => problem.Path switch
    {
        "name" => deletedFirst?.Name == planned.Name,
        "port" => deletedFirst is not null && deletedFirst.Port == planned.Port,
        _ => false,
    };

    private ServerSpec SpecOf(TArgs planned, string? urn) => SpecOf(planned) with { Urn = urn };

    private bool WillBeMade(Problem problem, TArgs planned, PreflightContext context) =>
        problem.Path == "sourceInstance" && SpecOf(planned).Origin is { } origin && context.IsPlanned(origin.Source);
}
