using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources.Instances;
using State = PgFleet.Resources.State<PgFleet.Resources.LinkedInstance.LinkedInstanceArgs, PgFleet.Resources.LinkedInstance.LinkedInstanceOutputs>;

namespace PgFleet.Resources.LinkedInstance;

/// <summary>Manages the link to a server that others run: records it and forgets it, and never changes the server.</summary>
internal sealed class LinkedInstanceHandler(ILinkedServers links, ApplicationStore applications) : IHandler<LinkedInstanceArgs, LinkedInstanceOutputs>
{
    public string Id(LinkedInstanceArgs args) => args.Name!;

    public string? Space => InstanceReferences.Space;

    public IEnumerable<Problem> Check(LinkedInstanceArgs args) => LinkedInstanceRules.Of(args);

    /// <summary>Explains that the password of a linked server is not set here, to a user who writes <c>password</c>.</summary>
    public Task<Message?> HintAsync(Problem problem, Func<string, string?> input, CancellationToken cancel) => Task.FromResult<Message?>(
        problem.Path == "password" ? Message.Of($"pgfleet resets no password on a linked server: set it there, then write it as {Term.Property("adminPassword")}.") : null);

    public string? Creates(LinkedInstanceArgs args) => args.Name;

    public Task<IReadOnlyList<Problem>> RemovalAsync(string id, LinkedInstanceArgs? args, PreflightContext context) => Task.FromResult<IReadOnlyList<Problem>>(
        links.Has(id) && Bindings.Refusal(applications, id, context.Counts) is { } bound ? [new("", bound.Text)] : []);

    /// <summary>Without a known password, it is not possible to log in.</summary>
    public async Task<IReadOnlyList<Problem>> PreflightAsync(State? prior, LinkedInstanceArgs planned, PreflightContext context) =>
        planned.Name is null ? []
        : prior is not null && !links.Has(planned.Name) ? [new("name", $"\"{planned.Name}\" is gone from this fleet. Refresh the state, and it will be linked anew.")]
        : planned.AdminPassword is null ? []
        : await links.PreflightAsync(LinkOf(planned), isNew: prior is null, context.Cancel);

    public async Task<State> CreateAsync(LinkedInstanceArgs planned, OperationContext<State> work)
    {
        var linking = work.For<Server>();
        try
        {
            return await StateAsync(await links.LinkAsync(LinkOf(planned), linking), planned);
        }
        finally
        {
            if (linking.Partial is { } linked)
            {
                work.SavePartial(await StateAsync(linked, planned));
            }
        }
    }

    /// <summary>Reads the record: a server that does not answer is not gone. A state without the password is not given it.</summary>
    public async Task<State?> ReadAsync(string id, State? prior, OperationContext work) =>
        await links.FindAsync(id, work.Cancel) is { } server && links.FindLink(id) is { } link
            ? await StateAsync(server, ArgsOf(link, withPassword: prior is not { Args.AdminPassword: null }))
            : null;

    public async Task<State> UpdateAsync(State prior, LinkedInstanceArgs planned, OperationContext<State> work) =>
        await StateAsync(await links.UpdateLinkAsync(LinkOf(planned), work), planned);

    public async Task DeleteAsync(string id, State prior, OperationContext work)
    {
        if (await links.FindAsync(id, work.Cancel) is { } server && new Claim(prior.Outputs.Identity).Means(server))
        {
            Bindings.RequireNone(applications, id);
        }
        await links.UnlinkAsync(id, work, prior.Outputs.Identity);
    }

    private async Task<State> StateAsync(Server server, LinkedInstanceArgs args) => new(args, new()
    {
        Status = InstanceSpec.StatusName(server.Status),
        ServerVersion = server.Version,
        ConnectionUri = ConnectionUri.Of(server, server.Username, args.AdminPassword, "postgres"),
        FleetId = await FleetGuard.GetAsync(links, CancellationToken.None),
        Identity = server.Identity,
    });

    /// <summary>Converts inputs to a link. If the password is not written, that of the recorded link is used.</summary>
    private ServerLink LinkOf(LinkedInstanceArgs args) => new()
    {
        Name = args.Name!,
        Host = args.Host,
        Port = args.Port!.Value,
        AdminUsername = args.AdminUsername,
        AdminPassword = args.AdminPassword ?? links.FindLink(args.Name!)?.AdminPassword ?? throw InstanceReferences.Missing(args.Name!),
        SslMode = args.SslMode!,
        CaCertificate = args.CaCertificate,
    };

    private static LinkedInstanceArgs ArgsOf(ServerLink link, bool withPassword) => new()
    {
        Name = link.Name,
        Host = link.Host,
        Port = link.Port,
        AdminUsername = link.AdminUsername,
        AdminPassword = withPassword ? link.AdminPassword : null,
        SslMode = link.SslMode,
        CaCertificate = link.CaCertificate,
    };
}
