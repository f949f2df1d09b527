using Npgsql;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>DROP DATABASE. What would be lost with it, or keep it, is looked for before anything is touched.</summary>
internal sealed class DatabaseDrop(Sessions sessions)
{
    private const int MostLooks = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PutBackIn = TimeSpan.FromSeconds(10);

    public async Task RunAsync(string name, bool force, uint? oid, OperationContext work)
    {
        var doing = $"drop database \"{name}\"";
        if (await sessions.ReadAsync(Sessions.Maintenance, doing, connection => LookAsync(connection, name, force, work.Cancel), work.Cancel) is not { } found)
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

    private static async Task<FoundDatabase?> LookAsync(NpgsqlConnection connection, string name, bool force, CancellationToken cancel)
    {
        if (await Catalogue.FindAsync(connection, name, cancel) is not { } found)
        {
            return null;
        }

        return DropBlocker.Refusal(name, force, await ObstaclesAsync(connection, name, force, cancel)) is { } refusal ? throw refusal : found;
    }

    /// <summary>What the drop would stumble over. A session that was just closed is there for a moment; PostgreSQL's own drop waits for it too.</summary>
    public static async Task<List<DropBlocker>> ObstaclesAsync(NpgsqlConnection connection, string name, bool force, CancellationToken cancel)
    {
        for (var looks = 1; ; looks++)
        {
            var obstacles = await DropBlocker.ListAsync(connection, name, cancel);
            if (force || looks == MostLooks || !obstacles.Exists(obstacle => obstacle.MayLeave))
            {
                return obstacles;
            }
            await Task.Delay(BetweenLooks, cancel);
        }
    }

    /// <summary>Until the drop begins it can be cancelled; one that was broken off leaves a database that nobody can use.</summary>
    private static async Task DropAsync(NpgsqlConnection connection, FoundDatabase found, bool force, CancellationToken cancel)
    {
        var name = found.Spec.Name;
        if (await Catalogue.FindAsync(connection, name, cancel) is not { } there || there.Oid != found.Oid)
        {
            return; // Gone, and the name has changed hands, since the look.
        }
        if (!force)
        {
            try
            {
                await connection.ExecuteAsync("drop database if exists %I", [name], CancellationToken.None);
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                // Somebody came between the look and the drop.
                await LookAsync(connection, name, force, cancel);
                throw;
            }

            return;
        }

        // A consumer of a logical slot holds against FORCE until it is gone.
        await connection.ListAsync(
            "select pg_catalog.pg_terminate_backend(active_pid, 5000) from pg_replication_slots where database = $1 and active", [name], row => row.GetBoolean(0), cancel);
        await connection.ExecuteAsync("drop database if exists %I with (force)", [name], CancellationToken.None);
    }

    /// <summary>A template is not dropped, nor another role's database by an administrator who is no superuser: both are changed, in one transaction.</summary>
    private static async Task<bool> PrepareDropAsync(NpgsqlConnection connection, FoundDatabase found, CancellationToken cancel)
    {
        if (found.HalfDropped)
        {
            return false; // Takes nothing but the drop.
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

    /// <summary>After a drop that failed, whose failure counts more than any of this. If the process dies before, the next delete or the next plan sees what is left to do.</summary>
    private async Task TryPutBackAsync(FoundDatabase found, string doing)
    {
        using var brief = new CancellationTokenSource(PutBackIn);
        try
        {
            await sessions.TransactionAsync(
                Sessions.Maintenance,
                doing,
                async connection =>
                {
                    if (await Catalogue.FindAsync(connection, found.Spec.Name, brief.Token) is not { HalfDropped: false } there || there.Oid != found.Oid)
                    {
                        return false;
                    }

                    if (found.IsTemplate)
                    {
                        await connection.ExecuteAsync("alter database %I is_template true", [found.Spec.Name], brief.Token);
                    }

                    await DatabaseAlter.ApplyAsync(connection, there.Spec, there.Spec with { Owner = found.Spec.Owner }, brief.Token);
                    return true;
                },
                brief.Token);
        }
        catch (Exception)
        {
        }
    }
}
