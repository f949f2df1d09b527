using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;

namespace PgFleet.Histories.Fakes;

/// <summary>Finds the source of a restore: the existing server of a name, else the one whose window contains the instant.</summary>
internal sealed class FakeSources(FakeWorld world)
{
    public FakeServer Get(string asked, DateTimeOffset? instant)
    {
        var meant = world.State.Servers.Values.Concat(world.State.Deleted).Where(server => server.Restorable(world.Home).IsMeantBy(asked)).ToList();
        if (meant.Count == 0)
        {
            throw world.Home.MissingFailure(asked);
        }
        if (meant.Count == 1 || (!asked.Contains('@', StringComparison.Ordinal) && meant[0].Deletion is null))
        {
            return meant[0];
        }
        var reaching = meant.FindAll(server => server.Window(world.Home, world.State.Now).Refusal(instant) is null);
        return reaching.Count == 1
            ? reaching[0]
            : throw new ResourceFailure(FailureKind.Conflict, $"Which \"{asked}\" is meant is not clear.", "Write an identity instead of the name.");
    }

    /// <summary>Why it cannot be restored; null when it can.</summary>
    public Problem? FindRefusal(RestoreOrigin origin)
    {
        try
        {
            var source = Get(origin.Source, origin.Instant);
            return source.Record.State != RecordState.Available ? new("sourceInstance", $"Instance \"{origin.Source}\" is unfinished, and has no base backup yet. Create it first.")
                : source.Window(world.Home, world.State.Now).Refusal(origin.Instant) is { } refusal ? new("restoreTime", refusal)
                : null;
        }
        catch (ResourceFailure none)
        {
            return new("sourceInstance", none.Text);
        }
    }
}
