using Npgsql;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>Runs DROP DATABASE. Checks for everything that would be lost or block the drop before anything is changed.</summary>
internal sealed class DatabaseDrop(Sessions sessions)
{
    private const int MostChecks = 20;
    private static readonly TimeSpan PauseBetweenChecks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UndoTimeout = TimeSpan.FromSeconds(10);

    public async Task RunAsync(string name, bool force, uint? oid, OperationContext work)
    {
        var doing = $"drop database \"{name}\"";
        if (await sessions.ReadAsync(Sessions.Maintenance, doing, connection => InspectAsync(connection, name, force, work.Cancel), work.Cancel) is not { } found)
        {
            return;
        }
        if (SystemDatabases.Is(found))
        {
            throw new ResourceFailure(FailureKind.Refused, $"Database \"{name}\" belongs to PostgreSQL itself, and is not dropped.", "Take it out of the state.");
        }
        if (oid is not null && oid != found.Oid)
        {
            work.Warn($"The database \"{name}\" was left alone: it is another one than the one that was to be dropped, which is gone already.");
            return;
        }

        await sessions.TransactionAsync(Sessions.Maintenance, doing, connection => PrepareDropAsync(connection, found, work.Cancel), work.Cancel);
        try
        {
            await sessions.ChangeAsync(Sessions.Maintenance, doing, connection => DropAsync(connection, found, force, work.Cancel), work.Cancel);
        }
        catch
        {
            await TryPutBackAsync(found, doing);
            throw;
        }

        work.Report("database dropped");
    }

    private static async Task<FoundDatabase?> InspectAsync(NpgsqlConnection connection, string name, bool force, CancellationToken cancel)
    {
        if (await Catalogue.FindAsync(connection, name, cancel) is not { } found)
        {
            return null;
        }

        return DropBlocker.Refusal(name, force, await FindBlockersAsync(connection, name, force, cancel)) is { } refusal ? throw refusal : found;
    }

    /// <summary>
    /// Lists what blocks the drop. A session that was just closed may still be listed for a moment, so this waits for it briefly, as PostgreSQL's own drop
    /// does.
    /// </summary>
    public static async Task<List<DropBlocker>> FindBlockersAsync(NpgsqlConnection connection, string name, bool force, CancellationToken cancel)
    {
        var (blockers, checks) = (new List<DropBlocker>(), 0);
        await Poll.UntilAsync(
            PauseBetweenChecks,
            TimeProvider.System,
            async token =>
            {
                blockers = await DropBlocker.ListAsync(connection, name, token);
                return force || ++checks == MostChecks || !blockers.Exists(blocker => blocker.MayLeave);
            },
            cancel);
        return blockers;
    }

    /// <summary>Can be cancelled until the DROP statement starts: an interrupted one leaves an unusable database.</summary>
    private static async Task DropAsync(NpgsqlConnection connection, FoundDatabase found, bool force, CancellationToken cancel)
    {
        var name = found.Spec.Name;
        if (await Catalogue.FindAsync(connection, name, cancel) is not { } there || there.Oid != found.Oid)
        {
            return; // The database is gone, or its name belongs to another one, since the check.
        }
        if (!force)
        {
            try
            {
                await connection.ExecuteAsync("drop database if exists %I", [name], CancellationToken.None);
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                // A session started between the check and the drop.
                await InspectAsync(connection, name, force, cancel);
                throw;
            }

            return;
        }

        // An active consumer of a logical slot blocks even FORCE, so it is terminated first.
        await connection.ListAsync(
            "select pg_catalog.pg_terminate_backend(active_pid, 5000) from pg_replication_slots where database = $1 and active", [name], row => row.GetBoolean(0), cancel);
        await connection.ExecuteAsync("drop database if exists %I with (force)", [name], CancellationToken.None);
    }

    /// <summary>
    /// Makes the database droppable, in one transaction: a template cannot be dropped, nor can another role's database by an administrator that is not a
    /// superuser.
    /// </summary>
    private static async Task<bool> PrepareDropAsync(NpgsqlConnection connection, FoundDatabase found, CancellationToken cancel)
    {
        if (found.HalfDropped)
        {
            return false; // PostgreSQL permits nothing but the drop.
        }

        var name = found.Spec.Name;
        if ((await Catalogue.FindAsync(connection, name, cancel))?.Oid != found.Oid)
        {
            return false;
        }
        var joined = await TemporaryMembership.GrantAsync(connection, [found.Spec.Owner], cancel);
        if (found.IsTemplate)
        {
            await connection.ExecuteAsync("alter database %I is_template false", [name], cancel);
        }

        if (joined.Count > 0)
        {
            await connection.ExecuteAsync("alter database %I owner to current_user", [name], cancel);
        }

        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
        return true;
    }

    /// <summary>
    /// Reverts <see cref="PrepareDropAsync"/> after a failed drop. Errors are ignored, because the failure matters more. If the process dies first, the next
    /// delete or plan finds what is left to do.
    /// </summary>
    private async Task TryPutBackAsync(FoundDatabase found, string doing)
    {
        using var cleanupTimeout = new CancellationTokenSource(UndoTimeout);
        try
        {
            await sessions.TransactionAsync(
                Sessions.Maintenance,
                doing,
                async connection =>
                {
                    if (await Catalogue.FindAsync(connection, found.Spec.Name, cleanupTimeout.Token) is not { HalfDropped: false } there || there.Oid != found.Oid)
                    {
                        return false;
                    }

                    if (found.IsTemplate)
                    {
                        await connection.ExecuteAsync("alter database %I is_template true", [found.Spec.Name], cleanupTimeout.Token);
                    }

                    await DatabaseAlter.ApplyAsync(connection, there.Spec, there.Spec with { Owner = found.Spec.Owner }, cleanupTimeout.Token);
                    return true;
                },
                cleanupTimeout.Token);
        }
        catch (Exception)
        {
        }
    }
}
