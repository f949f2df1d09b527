using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Histories.Fakes;

/// <summary>The databases of a server of a fake world.</summary>
/// <param name="faults">The faults of the process that works on them.</param>
internal sealed class FakeDatabases(FakeWorld world, string server, Faults faults) : IDatabases
{
    private const string Superuser = "postgres";

    public Task<IReadOnlyList<FoundDatabase>> ListAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FoundDatabase>>([.. Server().Contents.Databases.Keys.Select(name => Find(name)!)]);

    public Task<FoundDatabase?> FindAsync(string name, CancellationToken cancel) => Task.FromResult(Find(name));

    public Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindExtensionsAsync(string name, CancellationToken cancel) =>
        Task.FromResult(ImmutableSortedDictionary<string, ExtensionSpec>.Empty);

    public Task<CreateFacts> ReadFactsAsync(DatabaseSpec spec, CancellationToken cancel) => Task.FromResult(Look(spec));

    public Task<bool> AreSameAsync(string parameter, string one, string other, CancellationToken cancel) => Task.FromResult(one == other);

    public Task<FoundDatabase> CreateAsync(DatabaseSpec spec, Message remedyWhenTaken, OperationContext work)
    {
        var outlook = Look(spec);
        if (outlook.Namesake is { Unclaimed: false })
        {
            throw new ResourceFailure(FailureKind.Conflict, $"Database \"{spec.Name}\" exists already.", remedyWhenTaken);
        }
        if (outlook.Namesake is { } restored && !Locales.Fit(restored.Spec, spec))
        {
            throw new ResourceFailure(FailureKind.Conflict, $"Database \"{spec.Name}\" came with the restore, and its encoding or locale is not the one asked for.", "Leave them out.");
        }
        if (!outlook.OwnerExists)
        {
            throw new ResourceFailure(FailureKind.Missing, $"Role \"{spec.Owner}\", the owner, does not exist.", "Create the role first.");
        }
        if (outlook.Namesake is not null)
        {
            Hold(contents => contents.With(contents.Databases[spec.Name] with { Found = contents.Databases[spec.Name].Found with { Unclaimed = false } }));
            return Task.FromResult(Find(spec.Name)!);
        }
        var template = outlook.TemplateFor(spec);
        work.Step("template copied");
        Hold(contents => contents.Add(spec));
        var made = Find(spec.Name)!;
        return Task.FromResult(made with { Spec = made.Spec with { Template = template } });
    }

    public Task AlterAsync(DatabaseSpec prior, DatabaseSpec planned, OperationContext work)
    {
        if (Databases.Differ(prior, planned))
        {
            var there = Server().Contents.Databases.GetValueOrDefault(planned.Name)
                ?? throw new ResourceFailure(FailureKind.Missing, $"database \"{planned.Name}\" does not exist.", "Create it first, or correct the name.");
            Hold(contents => contents.With(there with { Found = there.Found with { Spec = there.Found.Spec with { ConnectionLimit = planned.ConnectionLimit, AllowConnections = planned.AllowConnections } } }));
            work.Step("database altered");
        }
        return Task.CompletedTask;
    }

    public Task DropAsync(string name, bool force, OperationContext work, uint? oid = null)
    {
        if (Find(name) is not { } found)
        {
            return Task.CompletedTask;
        }
        if (SystemDatabases.Is(found))
        {
            throw new ResourceFailure(FailureKind.Refused, $"Database \"{name}\" belongs to PostgreSQL itself, and is not dropped.", "Take it out of the state.");
        }
        if (oid is not null && oid != found.Oid)
        {
            work.Warn($"The database \"{name}\" was left alone: it is another one than the one that was to be dropped, which is gone already.");
            return Task.CompletedTask;
        }
        Hold(contents => contents.Without(name));
        work.Report("database dropped");
        return Task.CompletedTask;
    }

    private void Hold(Func<Contents, Contents> edit)
    {
        faults.RequireAlive();
        world.Hold(server, edit);
    }

    private FakeServer Server() =>
        world.Find(server) is not { } there ? throw world.Home.MissingFailure(server)
        : there with { Record = there.Record.RequireFinished() };

    private FoundDatabase? Find(string name)
    {
        var there = Server();
        return there.Contents.Databases.GetValueOrDefault(name)?.Found is { } found
            ? found with { Spec = found.Spec with { Owner = SystemDatabases.Is(found) ? Superuser : there.Record.Username } }
            : null;
    }

    private CreateFacts Look(DatabaseSpec spec) => new()
    {
        Namesake = Find(spec.Name),
        OwnerExists = spec.Owner == Superuser || spec.Owner == Server().Record.Username,
        Template = Find(spec.Template ?? "template1"),
        Versions = Array.Empty<(string Name, string Version)>().ToLookup(pair => pair.Name, pair => pair.Version),
    };
}
