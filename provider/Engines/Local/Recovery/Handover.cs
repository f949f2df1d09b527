using System.Collections.Immutable;
using Npgsql;
using PgFleet.Engines.Sql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>What is done to a recovered server before anybody reaches it: proven, kept from doing its source's work, offered, and compared.</summary>
internal sealed class Handover(AdminConnections connections, Comparison comparison)
{
    public async Task<ServerRecord> RunAsync(NpgsqlConnection admin, ServerRecord record, Work work)
    {
        var inventory = new Inventory(admin);
        await ProveAsync(inventory, record, work.Cancel);
        work.Step("proved the databases");
        await DisableSubscriptionsAsync(inventory, record, work);
        await new Databases((database, cancel) => connections.OpenAsync(record, database, cancel)).OfferAllAsync(work.Cancel);
        await comparison.TellAsync(inventory, record, work);
        var role = record.LoginRole is { } id ? await new LoginRole(admin).FindNameAsync(id, work.Cancel) : null;
        var origin = record.Origin!;
        return record with
        {
            Username = role ?? record.Username,
            Origin = origin with
            {
                Timeline = await inventory.TimelineAsync(work.Cancel),
                Parameters = await WithPreparedAsync(inventory, origin, work),
            },
        };
    }

    /// <summary>A database whose files are gone is listed as any other; its directory is what tells.</summary>
    private static async Task ProveAsync(Inventory inventory, ServerRecord record, CancellationToken cancel)
    {
        if (await inventory.BrokenDatabasesAsync(cancel) is { Count: > 0 } broken)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"At that instant {string.Join(", ", broken.Select(name => $"\"{name}\""))} on \"{record.Origin!.Source}\" had no files: a drop was under way.",
                "Restore to an instant a few seconds earlier, or to a later one.");
        }
    }

    /// <summary>A copy that subscribes would take its source's changes from the publisher.</summary>
    private async Task DisableSubscriptionsAsync(Inventory inventory, ServerRecord record, Work work)
    {
        foreach (var (database, subscription) in await inventory.SubscriptionsAsync(work.Cancel))
        {
            await using var inside = await connections.OpenAsync(record, database, work.Cancel);
            await new Inventory(inside.Connection).DisableAsync(subscription, work.Cancel);
            work.Warn($"The subscription \"{subscription}\" in database \"{database}\" is disabled in the copy: it would take the source's changes.");
        }
    }

    /// <summary>A server does not start with fewer slots than it has prepared transactions.</summary>
    private static async Task<ImmutableSortedDictionary<string, string>> WithPreparedAsync(Inventory inventory, OriginRecord origin, Work work)
    {
        if (await inventory.PreparedAsync(work.Cancel) is not { Count: > 0 } prepared)
        {
            return origin.Parameters;
        }
        work.Warn($"Prepared transactions were open at that instant, and hold their locks in the copy: {string.Join(", ", prepared)}. End each with COMMIT PREPARED or ROLLBACK PREPARED.");
        return origin.Parameters.SetItem("max_prepared_transactions", $"{origin.Point!.Limits.MaxPreparedTransactions}");
    }
}
