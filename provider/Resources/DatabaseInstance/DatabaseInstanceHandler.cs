using PgFleet.Engines;
using PgFleet.Engines.Sql;
using PgFleet.Failures;

using State = PgFleet.Resources.State<PgFleet.Resources.DatabaseInstance.DatabaseInstanceArgs, PgFleet.Resources.DatabaseInstance.DatabaseInstanceOutputs>;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed class DatabaseInstanceHandler(IFleetEngine engine) : IHandler<DatabaseInstanceArgs, DatabaseInstanceOutputs>
{
    // What every server has from the start.
    private static readonly string[] Bootstrap = ["postgres", "template0", "template1"];

    public string Id(DatabaseInstanceArgs args) => args.Name!;

    public IEnumerable<Problem> Check(DatabaseInstanceArgs args) => InstanceRules.Check(args);

    public string? Creates(DatabaseInstanceArgs args) => args.Name;

    public async Task<string?> LossAsync(DatabaseInstanceArgs args, CancellationToken cancel)
    {
        if (args.Name is null || await engine.FindAsync(args.Name, cancel) is not { } server)
        {
            return null;
        }
        var databases = "every database on it";
        if (server.Status == ServerStatus.Available)
        {
            await using var admin = await engine.OpenAsync(args.Name, "postgres", cancel);
            var names = (await Catalogue.ListAsync(admin.Connection, cancel)).Select(found => found.Spec.Name).Except(Bootstrap).ToList();
            databases = names.Count == 0 ? "no database of yours" : $"the databases {string.Join(", ", names.Select(name => $"\"{name}\""))}";
        }
        return $"The server \"{args.Name}\" will be destroyed, and with it {databases}, its archive and its backups.";
    }

    public async IAsyncEnumerable<Problem> PreflightAsync(State? prior, DatabaseInstanceArgs planned, Work work)
    {
        if (planned.Name is null)
        {
            yield break;
        }
        var server = prior is null ? null : await engine.FindAsync(planned.Name, work.Cancel);
        if (prior is not null && server is null)
        {
            yield return new("name", $"\"{planned.Name}\" is gone from this fleet. Refresh the state, and it will be made anew.");
            yield break;
        }
        var freed = work.Freed is { } replaced ? await engine.FindAsync(replaced, work.Cancel) : null;
        await foreach (var problem in engine.PreflightAsync(server, InstanceSpec.Of(planned), work.Cancel))
        {
            if (!IsHeldBy(freed, problem, planned))
            {
                yield return problem;
            }
        }
    }

    public async Task<State> CreateAsync(DatabaseInstanceArgs planned, Work<State> work)
    {
        var making = work.For<Server>();
        try
        {
            return await StateAsync(await engine.CreateAsync(InstanceSpec.Of(planned), making), planned);
        }
        finally
        {
            if (making.Kept is { } made)
            {
                work.Keep(await StateAsync(made, planned));
            }
        }
    }

    public async Task<State?> ReadAsync(string id, State? prior, Work work) =>
        await engine.FindAsync(id, work.Cancel) is { } server ? await StateAsync(server, prior?.Args) : null;

    public async Task<State> UpdateAsync(State prior, DatabaseInstanceArgs planned, Work<State> work) =>
        await StateAsync(await engine.ApplyAsync(InstanceSpec.Of(planned), work), planned);

    public async Task DeleteAsync(string id, State prior, Work work)
    {
        if (prior.Args.DeletionProtection == true)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The server \"{id}\" is protected.",
                "Set deletionProtection to false and update it first, if its data may go.");
        }
        await engine.DeleteAsync(id, work);
    }

    private static bool IsHeldBy(Server? freed, Problem problem, DatabaseInstanceArgs planned) => problem.Path switch
    {
        "name" => freed?.Spec.Name == planned.Name,
        "port" => freed is not null && freed.Spec.Port == planned.Port,
        _ => false,
    };

    /// <param name="known">What a server cannot tell: the password and the protection.</param>
    private async Task<State> StateAsync(Server server, DatabaseInstanceArgs? known)
    {
        var args = InstanceSpec.Args(server.Spec, known);
        return new(args, new()
        {
            Status = InstanceSpec.StatusName(server.Status),
            Host = server.Host,
            ServerVersion = server.Version,
            ConnectionUri = ConnectionUri.Of(server.Spec.Username, known?.Password, server.Host, args.Port!.Value, "postgres"),
            CaCertificate = server.CaCertificate,
            CreatedAt = InstanceSpec.Time(server.CreatedAt),
            FleetId = await FleetGuard.GetAsync(engine, CancellationToken.None),
        });
    }
}
