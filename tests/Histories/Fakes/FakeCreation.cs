using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Histories.Fakes;

/// <summary>Creates, changes and deletes servers state by state, like the local engine. The caller holds the server's lock.</summary>
internal sealed class FakeCreation(FakeWorld world, Faults faults)
{
    private readonly FakeSources sources = new(world);

    public FakeServer Create(ServerSpec spec, OperationContext work)
    {
        if (world.Find(spec.Name) is not { } begun)
        {
            return Begin(spec, work);
        }
        if (begun.Record.State == RecordState.Available)
        {
            throw InstanceFailures.TakenFailure(begun.Record, spec.Urn);
        }
        begun.Record.RequireBegunBy(spec);
        // A new identity, so that an old state of the earlier one deletes nothing.
        return Resume(Write(begun with { Record = begun.Record with { Identity = Guid.NewGuid(), CreatedAt = world.State.Now, Urn = spec.Urn, Asked = ServerRecord.HashOf(spec) } }), spec, work);
    }

    public FakeServer Resume(FakeServer begun, ServerSpec spec, OperationContext work)
    {
        if (begun.Record.State > RecordState.Starting)
        {
            if (spec.Origin != begun.Record.Origin?.Asked)
            {
                throw new ResourceFailure(FailureKind.Conflict, $"Instance \"{spec.Name}\" is there, unfinished, and was begun from something else than what is asked for now.", "Remove it.");
            }
            begun.Record.RequireFixed(spec);
            return Change(Finish(begun, work), spec, work);
        }
        if (!begun.Record.IsFixed(spec) || spec.Origin != begun.Record.Origin?.Asked)
        {
            Delete(begun, work);
            return Begin(spec, work);
        }
        return LeavingNothing(Write(begun with { Record = begun.Record.With(spec) }), work);
    }

    public FakeServer Change(FakeServer server, ServerSpec spec, OperationContext work)
    {
        server.Record.RequireFixed(spec);
        var changed = Write(server with { Record = server.Record.With(spec) });
        work.Step("configured the server");
        return changed;
    }

    public void Delete(FakeServer server, OperationContext work)
    {
        work.Step("stopped the server");
        faults.RequireAlive();
        var isKept = server.Record is { State: RecordState.Available, Backup.OnDelete: ArchiveOnDelete.Keep };
        world.Edit(state => state with
        {
            Servers = state.Servers.Remove(server.Record.Name),
            Deleted = isKept ? state.Deleted.Add(server with { Deletion = DeletedAt(state.Now, server.Record.Backup.Retention) }) : state.Deleted,
        });
        work.Report("freed the name");
    }

    private FakeServer Begin(ServerSpec spec, OperationContext work)
    {
        FakeServer? source = null;
        if (spec.Origin is { } origin)
        {
            source = sources.Get(origin.Source, origin.Instant);
            if (source.Window(world.Home, world.State.Now).Refusal(origin.Instant) is { } refusal)
            {
                throw new ResourceFailure(FailureKind.Refused, $"\"{origin.Source}\" cannot be restored: the instant {refusal}", "Choose an instant within the window.");
            }
        }
        var begun = Write(new(Record(spec, source?.Record), [(world.State.Now, Contents.New)]));
        work.Step("reserved the name and the port");
        return LeavingNothing(begun, work);
    }

    private FakeServer LeavingNothing(FakeServer begun, OperationContext work)
    {
        try
        {
            return Finish(begun, work);
        }
        catch when (world.Find(begun.Record.Name) is { Record: { Origin: not null, State: RecordState.Building } } left)
        {
            Delete(left, new(CancellationToken.None));
            throw;
        }
    }

    private FakeServer Finish(FakeServer server, OperationContext work)
    {
        while (server.Record.State != RecordState.Available)
        {
            server = Write(server.Record.State switch
            {
                RecordState.Building when server.Record.Origin is null => Reach(server, RecordState.Starting),
                RecordState.Building => Reach(server, RecordState.Recovering),
                RecordState.Recovering => Reach(server with { Past = [(world.State.Now, Copied(server.Record.Origin!))] }, RecordState.Starting),
                RecordState.Starting => Reach(server, RecordState.Securing),
                RecordState.Securing when server.Record.Origin is not null => Reach(server.Holding(server.Contents.Offered(), world.State.Now), RecordState.BackupPending),
                RecordState.Securing => Reach(server, RecordState.BackupPending),
                _ => Reach(server with { Past = [(world.State.Now, server.Contents)] }, RecordState.Available),
            });
            if (server.Record.State != RecordState.Available)
            {
                work.Step($"{server.Record.State}");
            }
        }
        return server;
    }

    private Contents Copied(OriginRecord origin)
    {
        var source = world.State.Servers.Values.Concat(world.State.Deleted).First(server => server.Record.InstanceId == origin.SourceId);
        return source.At(origin.Instant ?? world.State.Now);
    }

    private static FakeServer Reach(FakeServer server, RecordState state) => server with { Record = server.Record with { State = state } };

    private FakeServer Write(FakeServer server)
    {
        faults.RequireAlive();
        world.Put(server);
        return server;
    }

    private static DeletionRecord DeletedAt(DateTimeOffset now, TimeSpan retention) =>
        new() { Format = DeletionRecord.CurrentFormat, DeletedAt = now, KeptUntil = now + retention, Boot = "", Uptime = default };

    private ServerRecord Record(ServerSpec spec, ServerRecord? source) =>
        ServerRecord.Begun(spec, source, source?.PostgresVersion ?? spec.PostgresVersion ?? "15", "15.18", spec.Placement.Port ?? 5432, world.State.Now);
}
