using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Finds the source of a restore: of the servers that have or had a name, the existing one; else the one whose window contains the instant.</summary>
internal sealed class Restorables(Home home, Registry registry, DeletedServers deleted, RecoveryWindowReader windows, ArchivePins pins)
{
    /// <summary>
    /// Returns the existing server first, then the deleted ones by time of deletion. <paramref name="asked"/> is a name, or a name with the first digits of an
    /// identity.
    /// </summary>
    public IReadOnlyList<Restorable> MeantBy(string asked) =>
        [.. Living(Restorable.Split(asked).Name).Where(server => server.IsMeantBy(asked)), .. deleted.MeantBy(asked)];

    /// <summary>Returns the source of a server whose restore has begun: the same server, even if its name was reused. Null when it is gone for good.</summary>
    public Restorable? Find(OriginRecord origin) =>
        MeantBy(origin.Source).FirstOrDefault(server => origin.SourceId is null || server.Record.InstanceId == origin.SourceId);

    /// <summary>The source, if it still exists and can be queried; else null.</summary>
    public ServerRecord? FindLiving(OriginRecord origin) => Find(origin) is { Deletion: null } server ? server.Record : null;

    /// <summary>Finds the source of a restore to <paramref name="instant"/>; null: the latest instant.</summary>
    /// <exception cref="ResourceFailure">There is none, or the reference is ambiguous; the text lists the candidates.</exception>
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

    /// <summary>Returns a source and its window. If it is deleted meanwhile, its kept archive is inspected instead.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<(Restorable Source, RecoveryWindow Window)> FindWindowAsync(string asked, DateTimeOffset? instant, CancellationToken cancel)
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

    /// <summary>Finds a source and pins its archive until disposed of.</summary>
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
            pin.Dispose(); // it was deleted meanwhile, and its archive may have been moved
        }
    }

    /// <summary>Pins the recorded source of a server whose restore has begun.</summary>
    public Task<(Restorable Source, IDisposable Pin)> PinAsync(OriginRecord origin, CancellationToken cancel) =>
        PinAsync(origin.SourceId is { } id ? $"{Restorable.Split(origin.Source).Name}@{id:N}" : origin.Source, origin.Instant, cancel);

    /// <summary>Lists other servers that had the name of one whose window does not contain an instant; "" when there are none.</summary>
    public async Task<Message> NamesakesAsync(Restorable server, CancellationToken cancel) =>
        MeantBy(server.Record.Name).Where(other => other.Record.InstanceId != server.Record.InstanceId).ToList() is { Count: > 0 } others
            ? Message.Of($" Others that bore the name, which {Term.Property("sourceInstance")} takes by their identity: {await ListAsync(others, cancel)}")
            : "";

    private bool IsWhereItWas(Restorable server) =>
        MeantBy(server.Record.Name).Any(found => found.Record.InstanceId == server.Record.InstanceId && found.Paths == server.Paths);

    private async Task<ResourceFailure> MissingAsync(string name, string asked, CancellationToken cancel) =>
        MeantBy(name) is { Count: > 0 } others
            ? new(FailureKind.Missing, $"There is no server \"{asked}\" in \"{home.Root}\". {await ListAsync(others, cancel)}", "Write one of these identities, or the name.")
            : registry.IsLinked(name) ? InstanceFailures.LinkedFailure(name)
            : deleted.ListDamaged(name) is { Count: > 0 } damaged ? new(FailureKind.Missing, $"There is no server \"{asked}\" in \"{home.Root}\" whose description reads.", Message.Join(" ", damaged))
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
