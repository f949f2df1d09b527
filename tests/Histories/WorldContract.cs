using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Histories.Places;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Histories;

/// <summary>The behaviour of the fake that must match the local engine's, as far as histories depend on it.</summary>
public abstract class WorldContract
{
    private const string Mine = "urn:pulumi:dev::shop::pgfleet:index:DatabaseInstance::i1";

    private protected abstract (IAsyncDisposable Place, IServerEngine Engine, IRecoverable Archives, IAdministratorAccess Administrator, Func<string, IDatabases> DatabasesOf) New();

    [Fact]
    public async Task A_finished_server_is_a_conflict_and_only_what_a_claim_means_is_deleted_unless_it_is_protected()
    {
        var (place, engine, archives, _, _) = New();
        await using var gone = place;
        var made = await engine.CreateAsync(FakePlace.Spec("main", Mine), new(CancellationToken.None));
        await RefusedAsync(FailureKind.Conflict, () => engine.CreateAsync(FakePlace.Spec("main", Mine), new(CancellationToken.None)));
        Assert.Contains(await engine.PreflightAsync(null, FakePlace.Spec("main", Mine), CancellationToken.None), problem => problem is { Path: "name", Refuses: true });

        Assert.Single(await WarningsAsync(work => engine.DeleteAsync("main", work, new($"{Guid.NewGuid()}"))));
        await engine.ApplyAsync(FakePlace.Spec("main", Mine) with { Protected = true }, new(CancellationToken.None));
        await RefusedAsync(FailureKind.Refused, () => engine.DeleteAsync("main", new(CancellationToken.None), new(made.Identity)));
        Assert.Equal(made.Identity, (await engine.FindAsync("main", CancellationToken.None))!.Identity);

        await engine.ApplyAsync(FakePlace.Spec("main", Mine) with { Protected = false }, new(CancellationToken.None));
        await engine.DeleteAsync("main", new(CancellationToken.None), new(made.Identity));
        Assert.Null(await engine.FindAsync("main", CancellationToken.None));
        Assert.Equal("main", Assert.Single(await archives.ListDeletedAsync(CancellationToken.None)).Name);
    }

    [Fact]
    public async Task What_was_made_in_part_is_taken_up_with_another_identity_by_who_began_it_alone()
    {
        var (place, engine, archives, administrator, _) = New();
        await using var gone = place;
        using var faults = new Faults(new(FaultKind.Fail, 3));
        var begun = new OperationContext<ManagedServer>(CancellationToken.None);
        await Assert.ThrowsAsync<ResourceFailure>(() => new FaultyFleet(engine, archives, administrator, faults).CreateAsync(FakePlace.Spec("main", Mine), begun));
        Assert.Equal(ServerStatus.Unfinished, begun.Partial!.Status);

        await RefusedAsync(FailureKind.Conflict, () => engine.CreateAsync(FakePlace.Spec("main", $"{Mine}2"), new(CancellationToken.None)));
        Assert.Contains(await engine.PreflightAsync(null, FakePlace.Spec("main", $"{Mine}2"), CancellationToken.None), problem => problem is { Path: "name", Refuses: true });
        var finished = await engine.CreateAsync(FakePlace.Spec("main", Mine), new(CancellationToken.None));
        Assert.Equal(ServerStatus.Available, finished.Status);
        Assert.NotEqual(begun.Partial.Identity, finished.Identity);
        Assert.Single(await WarningsAsync(work => engine.DeleteAsync("main", work, new(begun.Partial.Identity))));
        Assert.True(engine.Has("main"));
    }

    [Fact]
    public async Task A_copy_holds_what_was_there_and_whoever_declares_a_database_of_it_takes_it_over()
    {
        var (place, engine, _, _, databasesOf) = New();
        await using var gone = place;
        await engine.CreateAsync(FakePlace.Spec("main", Mine), new(CancellationToken.None));
        var shop = await databasesOf("main").CreateAsync(Database("shop"), "", new(CancellationToken.None));
        await RefusedAsync(FailureKind.Conflict, () => databasesOf("main").CreateAsync(Database("shop"), "", new(CancellationToken.None)));
        await engine.DeleteAsync("main", new(CancellationToken.None));

        var copy = FakePlace.Spec("side", Mine) with { Username = null, Origin = new("main", null) };
        Assert.Empty(await engine.PreflightAsync(null, copy, CancellationToken.None));
        await engine.CreateAsync(copy, new(CancellationToken.None));
        var came = (await databasesOf("side").FindAsync("shop", CancellationToken.None))!;
        Assert.Equal((shop.Oid, true), (came.Oid, came.Unclaimed));
        await RefusedAsync(FailureKind.Conflict, () => databasesOf("side").CreateAsync(Database("shop") with { Encoding = "SQL_ASCII" }, "", new(CancellationToken.None)));
        var claimed = await databasesOf("side").CreateAsync(Database("shop"), "", new(CancellationToken.None));
        Assert.Equal((shop.Oid, false), (claimed.Oid, claimed.Unclaimed));

        Assert.Single(await WarningsAsync(work => databasesOf("side").DropAsync("shop", force: false, work, oid: 1)));
        await databasesOf("side").DropAsync("shop", force: false, new(CancellationToken.None), claimed.Oid);
        Assert.Null(await databasesOf("side").FindAsync("shop", CancellationToken.None));
        Assert.True((await databasesOf("side").CreateAsync(Database("blog"), "", new(CancellationToken.None))).Oid > shop.Oid);
    }

    private static DatabaseSpec Database(string name) => new() { Name = name, Owner = "alice" };

    private static async Task RefusedAsync(FailureKind kind, Func<Task> work) => Assert.Equal(kind, (await Assert.ThrowsAsync<ResourceFailure>(work)).Kind);

    private static async Task<List<string>> WarningsAsync(Func<OperationContext, Task> body)
    {
        var warnings = new List<string>();
        await body(new(CancellationToken.None, warn: text => warnings.Add(text.ToString())));
        return warnings;
    }
}

public sealed class FakeWorldContractTests : WorldContract
{
    private protected override (IAsyncDisposable Place, IServerEngine Engine, IRecoverable Archives, IAdministratorAccess Administrator, Func<string, IDatabases> DatabasesOf) New()
    {
        var place = new FakePlace();
        return (place, place.Engine, place.Engine, place.Engine, place.DatabasesOf);
    }
}

public sealed class LocalWorldContractTests : WorldContract
{
    private protected override (IAsyncDisposable Place, IServerEngine Engine, IRecoverable Archives, IAdministratorAccess Administrator, Func<string, IDatabases> DatabasesOf) New()
    {
        var place = new LocalPlace();
        return (place, place.Engine, place.Engine, place.Engine, place.DatabasesOf);
    }
}
