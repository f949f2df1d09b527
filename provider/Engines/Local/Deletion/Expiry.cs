using PgFleet.Engines.Local.Instances;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Whether what is kept of a deleted server may go. A clock that was set ahead makes everything look old.</summary>
internal sealed class Expiry(TimeProvider time)
{
    /// <summary>Between two looks that have nothing but the clock, and agree.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromDays(1);

    private readonly Uptime uptime = new(time);

    /// <param name="retention">From now on.</param>
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

    /// <summary>The clock alone is believed only when it says so again a day later; how long the machine has been up is believed at once.</summary>
    /// <returns>Whether it may go, and the record as this look leaves it.</returns>
    public (bool IsPast, DeletionRecord Seen) Look(DeletionRecord deletion)
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
        return (uptime.Now >= kept || now - seen >= SecondLook, deletion with { SeenPast = seen });
    }
}
