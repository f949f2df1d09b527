using System.Collections.Immutable;
using Npgsql;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>
/// Prepares a recovered server before clients can connect: verifies its databases, disables subscriptions, marks databases for takeover, and compares it with
/// its source.
/// </summary>
internal sealed class PostRestore(AdminConnections connections, Comparison comparison)
{
    public async Task<ServerRecord> RunAsync(NpgsqlConnection admin, ServerRecord record, OperationContext work)
    {
        var inventory = new Inventory(admin);
        await ProveAsync(inventory, record, work);
        work.Step("proved the databases");
        foreach (var subscription in await inventory.DisableSubscriptionsAsync(work.Cancel))
        {
            work.Warn($"The subscription {subscription} is disabled in the copy: it would take the source's changes.");
        }
        await MarkRestoredAsync(inventory, record, work);
        await comparison.WarnOfDifferencesAsync(inventory, record, work);
        var origin = record.Origin!;
        return record with
        {
            Username = await EnableLoginAsync(new(admin), record, work),
            Origin = origin with
            {
                Timeline = await inventory.TimelineAsync(work.Cancel),
                Parameters = await WithPreparedAsync(inventory, origin, work),
            },
        };
    }

    /// <summary>Checks the databases' directories, because a database without files is listed like any other.</summary>
    private static async Task ProveAsync(Inventory inventory, ServerRecord record, OperationContext work)
    {
        if (await inventory.LostDatabasesAsync(work.Cancel) is { Count: > 0 } lost)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"At that instant {Quoted(lost)} on \"{record.Origin!.Source}\" had no files: a drop was under way.",
                "Restore to an instant a few seconds earlier, or to a later one.")
            { IsFinal = true };
        }
        if (await inventory.InvalidDatabasesAsync(work.Cancel) is { Count: > 0 } invalid)
        {
            work.Warn($"At that instant a drop had broken off, or was under way, in {Quoted(invalid)} on \"{record.Origin!.Source}\". PostgreSQL takes nothing but another drop there, and so does the copy. To have what was in it, restore to an instant before that drop.");
        }
    }

    private async Task MarkRestoredAsync(Inventory inventory, ServerRecord record, OperationContext work)
    {
        await new Databases((database, cancel) => connections.OpenAsync(record, database, cancel)).MarkAllRestoredAsync(work.Cancel);
        if (await inventory.NamelessDatabasesAsync(work.Cancel) is { Count: > 0 } nameless)
        {
            work.Warn($"The names of these databases are no UTF-8, so that no Database can take them over: {Quoted(nameless)}. They are in the copy as they were.");
        }
    }

    /// <summary>Removes restrictions that kept the login role from logging in at that instant.</summary>
    /// <returns>The role's name at that instant.</returns>
    private static async Task<string> EnableLoginAsync(LoginRole role, ServerRecord record, OperationContext work)
    {
        var name = (record.LoginRole is { } id ? await role.FindNameAsync(id, record.Username, work.Cancel) : null) ?? record.Username;
        foreach (var bar in await role.EnableLoginAsync(name, work.Cancel))
        {
            work.Warn($"At that instant the login role \"{name}\" {bar}. In the copy that is lifted, or nobody could log in.");
        }
        return name;
    }

    /// <summary>Raises max_prepared_transactions if needed: a server does not start with fewer slots than it has prepared transactions.</summary>
    private static async Task<ImmutableSortedDictionary<string, string>> WithPreparedAsync(Inventory inventory, OriginRecord origin, OperationContext work)
    {
        if (await inventory.PreparedAsync(work.Cancel) is not { Count: > 0 } prepared)
        {
            return origin.Parameters;
        }
        work.Warn($"Prepared transactions were open at that instant, and hold their locks in the copy: {string.Join(", ", prepared)}. End each with COMMIT PREPARED or ROLLBACK PREPARED.");
        return origin.Parameters.SetItem("max_prepared_transactions", $"{origin.Point!.Limits.MaxPreparedTransactions}");
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
