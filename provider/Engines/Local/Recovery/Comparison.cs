using PgFleet.Engines.Local.Instances;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Warns about differences between a restored server and its source today.</summary>
internal sealed class Comparison(Restorables restorables, SourceServer source)
{
    public async Task WarnOfDifferencesAsync(Inventory then, ServerRecord record, OperationContext work)
    {
        if (restorables.FindLiving(record.Origin!) is not { } from || await source.QueryAsync(from, TodayAsync, work.Cancel) is not { } today)
        {
            return;
        }
        var roles = await then.RolesAsync(work.Cancel);
        Tell(work, "Replication slots are not carried over", today.Slots);
        Tell(work, "Roles that exist today and did not at that instant", today.Roles.Except(roles));
        Tell(work, "Roles that existed at that instant and are gone today", roles.Except(today.Roles));
    }

    private static async Task<Standing?> TodayAsync(Npgsql.NpgsqlConnection admin, CancellationToken cancel)
    {
        var inventory = new Inventory(admin);
        return new(await inventory.RolesAsync(cancel), await inventory.SlotsAsync(cancel));
    }

    private static void Tell(OperationContext work, string what, IEnumerable<string> names)
    {
        if (names.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } some)
        {
            work.Warn($"{what}: {string.Join(", ", some.Select(name => $"\"{name}\""))}.");
        }
    }

    private sealed record Standing(IReadOnlyList<string> Roles, IReadOnlyList<string> Slots);
}
