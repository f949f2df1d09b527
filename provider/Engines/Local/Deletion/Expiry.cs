using PgFleet.Engines.Local.Instances;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Decides when a deleted server's kept archive expires. A clock that was set forward makes everything look old.</summary>
internal sealed class Expiry(TimeProvider time)
{
    /// <summary>Minimum time between two checks that rely on the clock alone and agree.</summary>
    private static readonly TimeSpan SecondCheck = TimeSpan.FromDays(1);

    private readonly Uptime uptime = new(time);

    /// <summary>Starts the retention period of an archive.</summary>
    public DeletionRecord Begin(TimeSpan retention)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Format = DeletionRecord.CurrentFormat,
            DeletedAt = now,
            KeptUntil = retention < DateTimeOffset.MaxValue - now ? now + retention : DateTimeOffset.MaxValue,
            Boot = Uptime.Boot,
            Uptime = uptime.Now,
        };
    }

    /// <summary>Checks whether the retention has passed. The clock alone must say so twice, a day apart; the machine's uptime is trusted immediately.</summary>
    /// <returns>Whether it has passed, and the record updated by this check.</returns>
    public (bool IsPast, DeletionRecord Seen) Check(DeletionRecord deletion)
    {
        var now = time.GetUtcNow();
        if (now < deletion.KeptUntil)
        {
            return (false, deletion with { SeenPast = null });
        }
        var kept = deletion.KeptUntil - deletion.DeletedAt;
        if (deletion.Boot.Length > 0 && deletion.Boot == Uptime.Boot)
        {
            return (uptime.Now - deletion.Uptime >= kept, deletion);
        }
        var seen = deletion.SeenPast is { } first && first <= now ? first : now;
        return (uptime.Now >= kept || now - seen >= SecondCheck, deletion with { SeenPast = seen });
    }
}
