using System.Security.Cryptography;
using System.Text;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// CREATE DATABASE cannot run in a transaction, so a database is created under a working name, and one transaction then sets
/// its name, owner and settings. What a killed run leaves under the working name holds no user data; the next creation of that
/// name starts over.
/// </summary>
internal sealed class DatabaseCreate(Sessions sessions)
{
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(10);

    public async Task<FoundDatabase> RunAsync(DatabaseSpec spec, Message remedyWhenTaken, OperationContext work)
    {
        var doing = $"create database \"{spec.Name}\"";
        var facts = await sessions.ReadAsync(Sessions.Maintenance, doing, connection => CreateFacts.ReadAsync(connection, spec, work.Cancel), work.Cancel);
        Refuse(spec, facts, remedyWhenTaken);
        if (facts.Namesake is { HalfDropped: false } restored)
        {
            return await FinishAsync(restored, spec, doing, work);
        }

        var (working, template) = (spec with { Name = WorkingName(spec.Name) }, facts.TemplateFor(spec));
        try
        {
            await sessions.ChangeAsync(
                Sessions.Maintenance,
                doing,
                connection => NewDatabase.MakeAsync(connection, spec.Name, working, template, work.Cancel),
                work.Cancel);
            work.Step("template copied");
            var created = await sessions.ReadAsync(Sessions.Maintenance, doing, connection => Catalogue.FindAsync(connection, working.Name, work.Cancel), work.Cancel);
            var done = await FinishAsync(created ?? throw Lost(spec.Name), spec, doing, work);
            return done with { Spec = done.Spec with { Template = template } };
        }
        catch
        {
            await TryDropAsync(working.Name, doing);
            throw;
        }
    }

    private static string WorkingName(string name) =>
        Databases.WorkingPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];

    private static ResourceFailure Lost(string name) =>
        new(FailureKind.Conflict, $"Database \"{name}\" was dropped while it was made.", "See that nothing else makes it at the same time, then run again.");

    private static void Refuse(DatabaseSpec spec, CreateFacts facts, Message remedyWhenTaken)
    {
        if (facts.Namesake is { HalfDropped: false, Unclaimed: false })
        {
            throw new ResourceFailure(FailureKind.Conflict, $"Database \"{spec.Name}\" exists already.", remedyWhenTaken);
        }

        if (facts.Namesake is { Unclaimed: true } restored && !Locales.Fit(restored.Spec, spec))
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"Database \"{spec.Name}\" came with the restore, and its encoding or locale is not the one asked for.",
                "Leave encoding and locale out to take it over as it is, or choose another name.");
        }

        if (!facts.OwnerExists)
        {
            throw new ResourceFailure(FailureKind.Missing, $"Role \"{spec.Owner}\", the owner, does not exist.", "Create the role first, or name another owner.");
        }
    }

    /// <summary>
    /// Creates the extensions, then does everything visible in one transaction: renames the database or, for a restored one, removes its mark.
    /// </summary>
    private async Task<FoundDatabase> FinishAsync(FoundDatabase created, DatabaseSpec spec, string doing, OperationContext work)
    {
        var prior = DatabaseAlter.Unmanaged(created);
        if (!spec.Extensions.IsEmpty)
        {
            await sessions.TransactionAsync(prior.Name, doing, connection => Extensions.ApplyAsync(connection, prior, spec, work.Cancel), work.Cancel);
            work.Step("extensions created");
        }

        return await sessions.TransactionAsync(
            Sessions.Maintenance,
            doing,
            async connection =>
            {
                // If the connection broke during an earlier commit, that commit may have succeeded.
                if (await Catalogue.FindAsync(connection, spec.Name, work.Cancel) is { Unclaimed: false } done && done.Oid == created.Oid)
                {
                    return done;
                }

                if (created.Unclaimed)
                {
                    await connection.ExecuteAsync("alter database %I reset %I", [prior.Name, Catalogue.UnclaimedMark], work.Cancel);
                }

                await DatabaseAlter.ApplyAsync(connection, prior, spec, work.Cancel);
                return await Catalogue.FindAsync(connection, spec.Name, work.Cancel) ?? throw Lost(spec.Name);
            },
            work.Cancel);
    }

    /// <summary>Cleans up after a failure. Errors are ignored, because the failure matters more and the next creation cleans up too.</summary>
    private async Task TryDropAsync(string working, string doing)
    {
        using var cleanupTimeout = new CancellationTokenSource(CleanupTimeout);
        try
        {
            await sessions.ChangeAsync(Sessions.Maintenance, doing, connection => NewDatabase.DropAsync(connection, working, cleanupTimeout.Token), cleanupTimeout.Token);
        }
        catch (Exception)
        {
        }
    }
}
