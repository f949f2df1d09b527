using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;

namespace PgFleet.Protocol;

/// <summary>What a Delete would refuse is refused where a call tells of it, before anything is touched: delete-first-with-*, target-replace-delete-first, replace-on-changes.</summary>
public sealed class RemovalTests(ManagedServerFixture fixture) : IClassFixture<ManagedServerFixture>
{
    private readonly TemporaryHome home = fixture.Home;
    private readonly Recorded server = fixture.Server;

    [Fact]
    public async Task What_would_not_be_dropped_is_told_when_its_server_is_to_be_deleted_first_and_what_stands_beside_it_stays()
    {
        var plain = await MakeAsync(Wire.Database, "plain", """{"instance": "main", "name": "plain"}""");
        var guarded = await MakeAsync(Wire.Database, "guarded", """{"instance": "main", "name": "guarded", "deletionProtection": true}""");
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            Assert.Empty((await run.CheckAsync(Wire.Instance, "srv", server.Inputs)).Failures);
            await run.DiffAsync(plain, With(plain.Inputs, Wire.Unknown));
            var refused = await Assert.ThrowsAsync<RpcException>(() => run.DiffAsync(guarded, With(guarded.Inputs, Wire.Unknown)));
            Assert.Contains("\"main/guarded\" is protected from deletion", refused.Status.Detail, StringComparison.Ordinal);
            Assert.True(await run.IsThereAsync(plain));

            await using (var client = await ConnectAsync("plain"))
            {
                var used = await Assert.ThrowsAsync<RpcException>(() => run.DiffAsync(plain, With(plain.Inputs, Wire.Unknown)));
                Assert.Contains("since it has clients", used.Status.Detail, StringComparison.Ordinal);
            }
        }

        // replaceOnChanges and the like, recognised by the second Check.
        await using var forced = await EngineRun.BeginAsync(home.Path);
        await forced.CheckAsync(guarded);
        await forced.DiffAsync(guarded);
        var check = await forced.CheckAsync(guarded.Type, "guarded", guarded.Inputs);
        Assert.Contains("is protected from deletion", Assert.Single(check.Failures).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_an_application_on_it_is_not_replaced_in_place_and_no_database_of_it_is_dropped()
    {
        Directory.CreateDirectory(Path.Combine(home.Path, "app"));
        await File.WriteAllTextAsync(Path.Combine(home.Path, "app", "dbos-config.yaml"), "name: shop-app\ndatabase:\n  migrate: []\n");
        var database = await MakeAsync(Wire.Database, "beside", """{"instance": "main", "name": "beside"}""");
        var application = await MakeAsync("pgfleet:index:Application", "app", $$"""{"name": "shop-app", "directory": "{{home.Path}}/app", "instance": "main"}""");

        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            var check = await run.CheckAsync(server with { Inputs = Archived("/one") }, Archived("/other"));
            Assert.Contains(check.Failures, failure => failure.Reason.Contains("has applications bound to it: \"shop-app\"", StringComparison.Ordinal));
        }

        await using (var forced = await EngineRun.BeginAsync(home.Path))
        {
            Assert.Empty((await forced.CheckAsync(Wire.Instance, "srv", server.Inputs)).Failures);
            foreach (var dependant in new[] { database, application })
            {
                var refused = await Assert.ThrowsAsync<RpcException>(() => forced.DiffAsync(dependant, With(dependant.Inputs, Wire.Unknown)));
                Assert.Contains("has applications bound to it: \"shop-app\"", refused.Status.Detail, StringComparison.Ordinal);
            }
            await Assert.ThrowsAsync<RpcException>(() => forced.DeleteAsync(database));
            Assert.True(await forced.IsThereAsync(database));
        }

        // Everything is deleted, or only the application beside its server: the application is deleted first.
        await using var destroy = await EngineRun.BeginAsync(home.Path);
        await destroy.CheckAsync(server);
        await destroy.DiffAsync(server);
        await destroy.DeleteAsync(application);
        await destroy.DeleteAsync(database);
        Assert.False(await destroy.IsThereAsync(database));
    }

    /// <summary>The new server is created first, and the old one would be deleted last.</summary>
    [Fact]
    public async Task An_application_that_stays_on_a_server_which_another_one_replaces_is_refused_by_whichever_is_diffed_second()
    {
        Directory.CreateDirectory(Path.Combine(home.Path, "stays"));
        await File.WriteAllTextAsync(Path.Combine(home.Path, "stays", "dbos-config.yaml"), "name: stays\ndatabase:\n  migrate: []\n");
        var application = await MakeAsync("pgfleet:index:Application", "stays", $$"""{"name": "stays", "directory": "{{home.Path}}/stays", "instance": "main"}""");
        var renamed = server.Inputs.Clone();
        renamed.Fields["name"] = Value.ForString("renamed");

        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            await ReplaceAsync(run);
            await run.CheckAsync(application);
            var refused = await Assert.ThrowsAsync<RpcException>(() => run.DiffAsync(application));
            Assert.Contains("\"main\" is replaced in this run by a server of another name", refused.Status.Detail, StringComparison.Ordinal);
        }
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            await run.CheckAsync(application);
            await run.DiffAsync(application);
            var refused = await Assert.ThrowsAsync<RpcException>(() => ReplaceAsync(run));
            Assert.Contains("has applications bound to it: \"stays\"", refused.Status.Detail, StringComparison.Ordinal);
        }
        await using var moving = await EngineRun.BeginAsync(home.Path);
        await ReplaceAsync(moving);
        await moving.CheckAsync(application, With(application.Inputs, Wire.Unknown));
        await moving.DiffAsync(application, With(application.Inputs, Wire.Unknown));
        await using var destroy = await EngineRun.BeginAsync(home.Path);
        await destroy.DeleteAsync(application);

        async Task ReplaceAsync(EngineRun run)
        {
            Assert.Empty((await run.CheckAsync(server, renamed)).Failures);
            Assert.Equal(["name"], (await run.DiffAsync(server, renamed)).Replaces);
        }
    }

    [Fact]
    public async Task What_is_declared_under_another_name_is_not_deleted_under_its_old_one()
    {
        var old = await MakeAsync(Wire.Database, "old", """{"instance": "main", "name": "moved"}""");
        await using var run = await EngineRun.BeginAsync(home.Path);
        var taken = await Assert.ThrowsAsync<RpcException>(() => run.CreateAsync(old.Type, "new", old.Inputs));
        Assert.Contains("pulumi import", taken.Status.Detail, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<RpcException>(() => run.DeleteAsync(old));

        Assert.Contains("give it the option aliases", refused.Status.Detail, StringComparison.Ordinal);
        Assert.True(await run.IsThereAsync(old));
    }

    /// <summary>In a destroy there is no Check of the server, whose own Delete would refuse only after its databases were deleted.</summary>
    [Fact]
    public async Task A_database_of_a_protected_server_that_is_destroyed_with_it_stays_and_one_beside_a_server_that_stays_goes()
    {
        var guarded = await MakeAsync(Wire.Instance, "guarded", """{"name": "guarded", "username": "shopkeeper", "password": "correct-horse"}""");
        var database = await MakeAsync(Wire.Database, "on", """{"instance": "guarded", "name": "on"}""");
        await using (var destroy = await EngineRun.BeginAsync(home.Path))
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => destroy.DeleteAsync(database));
            Assert.Contains("The server \"guarded\" is protected", refused.Status.Detail, StringComparison.Ordinal);
            Assert.True(await destroy.IsThereAsync(database));
        }
        await using (var elsewhere = await EngineRun.BeginAsync(home.Path))
        {
            await elsewhere.CheckAsync(guarded);
            await elsewhere.DiffAsync(guarded);
            await elsewhere.DeleteAsync(database);
            Assert.False(await elsewhere.IsThereAsync(database));
        }
        database = await MakeAsync(Wire.Database, "on", """{"instance": "guarded", "name": "on"}""");
        await using var other = await EngineRun.BeginAsync(home.Path);
        await other.DeleteAsync(database with { Urn = database.Urn.Replace("::tests::", "::another::", StringComparison.Ordinal) });
        Assert.False(await other.IsThereAsync(database));
    }

    private async Task<Recorded> MakeAsync(string type, string name, string inputs)
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        return await run.CreateAsync(type, name, Wire.Struct(inputs));
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={server.State.Fields["port"].NumberValue};Username=shopkeeper;Password=correct-horse;Database={database};SSL Mode=Require;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private Struct Archived(string directory)
    {
        var inputs = server.Inputs.Clone();
        inputs.Fields["backup"] = Value.ForStruct(Wire.Struct($$"""{"directory": "{{directory}}"}"""));
        return inputs;
    }

    private static Struct With(Struct inputs, string instance)
    {
        var with = inputs.Clone();
        with.Fields["instance"] = Value.ForString(instance);
        return with;
    }
}
