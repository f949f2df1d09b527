using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Which server is meant by the source of a restore: of those that bear or bore a name, the one that is there; else the one that reaches the instant.</summary>
internal sealed class Restorables(Home home, Registry registry, DeletedServers deleted, RecoveryWindowReader windows, ArchivePins pins)
{
    /// <summary>The one that is there, and then the deleted, the first deleted first.</summary>
    /// <param name="asked">A name, or a name with the beginning of an identity.</param>
    public IReadOnlyList<Restorable> MeantBy(string asked) =>
        [.. Living(Restorable.Split(asked).Name).Where(server => server.IsMeantBy(asked)), .. deleted.MeantBy(asked)];

    /// <summary>The source of a server that was begun: the same, whatever bears its name by now. Null when it is gone for good.</summary>
    public Restorable? Find(OriginRecord origin) =>
        MeantBy(origin.Source).FirstOrDefault(server => origin.SourceId is null || server.Record.InstanceId == origin.SourceId);

    /// <summary>Null when the source is not there any more, so that nobody can ask it.</summary>
    public ServerRecord? FindLiving(OriginRecord origin) => Find(origin) is { Deletion: null } server ? server.Record : null;

    /// <param name="instant">Null: the latest that can be reached.</param>
    /// <exception cref="ResourceFailure">There is none, or several are meant; the text lists them.</exception>
    public async Task<Restorable> GetAsync(string asked, DateTimeOffset? instant, CancellationToken cancel)
    {
        var (name, digits) = Restorable.Split(asked);
        var meant = MeantBy(asked);
        if (meant.Count == 0)
        {
            throw await MissingAsync(name, asked, cancel);
        }
        if (meant.Count == 1 || (digits.Length == 0 && meant[0].Deletion is null))
        {
            return meant[0];
        }
        var reaching = new List<Restorable>();
        foreach (var server in meant)
        {
            if (await windows.FindRefusalAsync(server, instant, cancel) is null)
            {
                reaching.Add(server);
            }
        }
        return reaching.Count == 1
            ? reaching[0]
            : throw new ResourceFailure(
                FailureKind.Conflict,
                $"Which \"{asked}\" is meant is not clear: {(reaching.Count == 0 ? "the window of none" : "more than one window")} holds {(instant is { } at ? RecoveryWindow.Time(at) : "the latest instant")}. {await ListAsync(meant, cancel)}",
                "Write one of these identities instead of the name.");
    }

    /// <summary>A source and its window. One that is deleted while it is looked at is looked at again where it is kept.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<(Restorable Source, RecoveryWindow Window)> SurveyAsync(string asked, DateTimeOffset? instant, CancellationToken cancel)
    {
        while (true)
        {
            var source = await GetAsync(asked, instant, cancel);
            if (source.Record.State != RecordState.Available)
            {
                throw new ResourceFailure(FailureKind.Conflict, $"Instance \"{asked}\" is unfinished, and has no base backup yet.", "Create it first.");
            }
            try
            {
                var window = await windows.OfAsync(source, cancel);
                if (IsWhereItWas(source))
                {
                    return (source, window);
                }
            }
            catch (ResourceFailure) when (!IsWhereItWas(source))
            {
            }
        }
    }

    /// <summary>Keeps the source's archive where it is until disposed of.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<(Restorable Source, IDisposable Pin)> PinAsync(string asked, DateTimeOffset? instant, CancellationToken cancel)
    {
        while (true)
        {
            var source = await GetAsync(asked, instant, cancel);
            var pin = await pins.ShareAsync(source.Record, cancel);
            if (IsWhereItWas(source))
            {
                return (source, pin);
            }
            pin.Dispose(); // it was deleted meanwhile, and its archive may be kept elsewhere
        }
    }

    /// <summary>The same for a server that was begun: its source, and no other of that name.</summary>
    public Task<(Restorable Source, IDisposable Pin)> PinAsync(OriginRecord origin, CancellationToken cancel) =>
        PinAsync(origin.SourceId is { } id ? $"{Restorable.Split(origin.Source).Name}@{id:N}" : origin.Source, origin.Instant, cancel);

    /// <summary>What else bore the name of a server whose window does not hold an instant; "" when nothing did.</summary>
    public async Task<string> NamesakesAsync(Restorable server, CancellationToken cancel) =>
        MeantBy(server.Record.Name).Where(other => other.Record.InstanceId != server.Record.InstanceId).ToList() is { Count: > 0 } others
            ? $" Others that bore the name, which sourceInstance takes by their identity: {await ListAsync(others, cancel)}"
            : "";

    private bool IsWhereItWas(Restorable server) =>
        MeantBy(server.Record.Name).Any(found => found.Record.InstanceId == server.Record.InstanceId && found.Paths == server.Paths);

    private async Task<ResourceFailure> MissingAsync(string name, string asked, CancellationToken cancel) =>
        MeantBy(name) is { Count: > 0 } others
            ? new(FailureKind.Missing, $"There is no server \"{asked}\" in \"{home.Root}\". {await ListAsync(others, cancel)}", "Write one of these identities, or the name.")
            : registry.IsLinked(name) ? InstanceFailures.LinkedFailure(name)
            : deleted.ListDamaged(name) is { Count: > 0 } damaged ? new(FailureKind.Missing, $"There is no server \"{asked}\" in \"{home.Root}\" whose description reads.", string.Join(' ', damaged))
            : home.MissingFailure(asked);

    private async Task<string> ListAsync(IReadOnlyList<Restorable> servers, CancellationToken cancel)
    {
        var texts = new List<string>();
        foreach (var server in servers)
        {
            var standing = server.Deletion is { } deletion
                ? $"deleted at {RecoveryWindow.Time(deletion.DeletedAt)}, kept until {RecoveryWindow.Time(deletion.KeptUntil)}"
                : "which is there";
            texts.Add($"\"{server.Identity}\" ({standing}; {await windows.DescribeAsync(server, cancel)})");
        }
        return $"{string.Join(", ", texts)}.";
    }

    private IEnumerable<Restorable> Living(string name) => registry.Find(name) is { } record ? [new(record, home.Of(name))] : [];
}
