using Google.Protobuf.WellKnownTypes;
using Pulumirpc;

namespace PgFleet.Protocol;

/// <summary>Calls in orders in which the real engine makes them: what a run has created or keeps, the same run never deletes.</summary>
public sealed class SequenceTests(ManagedServerFixture fixture) : IClassFixture<ManagedServerFixture>
{
    public static TheoryData<string> Kinds => ["Database", "DatabaseInstance", "RestoredInstance", "LinkedInstance", "Application"];

    private readonly TemporaryHome home = fixture.Home;
    private readonly Recorded server = fixture.Server;

    /// <summary>pending-replacement-*, target-replace-of-what-is-gone, taint, retry-of-interrupted, pending-delete-after-import, for every kind of resource.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_run_has_made_or_keeps_it_does_not_delete(string kind)
    {
        Recorded old;
        await using (var first = await EngineRun.BeginAsync(home.Path))
        {
            old = await first.CreateAsync($"pgfleet:index:{kind}", "one", InputsOf(kind));
            await first.DeleteAsync(WithoutIdentity(old) with { Urn = Wire.Urn(old.Type, "pending") });
            Assert.True(await first.IsThereAsync(old), "made in this run, of an older state of another name");
            await first.DeleteAsync(WithoutIdentity(old));
            Assert.True(await first.IsThereAsync(old), "made in this run, of an older state");
        }

        await using (var retry = await EngineRun.BeginAsync(home.Path))
        {
            Assert.Empty((await retry.CheckAsync(old)).Failures);
            var same = await retry.DiffAsync(old);
            Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, same.Changes);
            Assert.True(same.DeleteBeforeReplace, "what is pending replacement is not made beside what it replaces");
            await retry.DeleteAsync(WithoutIdentity(old) with { Urn = Wire.Urn(old.Type, "renamed") });
            await retry.DeleteAsync(WithoutIdentity(old));
            Assert.True(await retry.IsThereAsync(old), "unchanged in this run");

            // Another provider of the same program, in the same process.
            await retry.HandshakeAsync();
            await retry.DeleteAsync(WithoutIdentity(old));
            Assert.True(await retry.IsThereAsync(old), "unchanged in this run, which is not over");
        }

        await using (var update = await EngineRun.BeginAsync(home.Path))
        {
            old = await update.UpdateAsync(old);
            await update.DeleteAsync(WithoutIdentity(old) with { Urn = Wire.Urn(old.Type, "imported") });
            Assert.True(await update.IsThereAsync(old), "updated in this run");
        }

        // Forced by replaceOnChanges and the like: the second Check, without olds, shows it, and then the deletion is intended.
        await using var forced = await EngineRun.BeginAsync(home.Path);
        Assert.Empty((await forced.CheckAsync(old)).Failures);
        Assert.True((await forced.DiffAsync(old)).DeleteBeforeReplace);
        Assert.Empty((await forced.CheckAsync(old.Type, "one", old.Inputs)).Failures);
        await forced.DeleteAsync(old);
        Assert.False(await forced.IsThereAsync(old));
        var anew = await forced.CreateAsync(old);
        await forced.DeleteAsync(old with { Urn = Wire.Urn(old.Type, "pending") });
        Assert.True(await forced.IsThereAsync(anew), "made anew in this run");
        await DestroyAsync(anew);
    }

    /// <summary>destroy, destroy --refresh and a removal during a refresh: Read and Diff alone keep nothing. A process that serves the next run has forgotten the last.</summary>
    [Theory]
    [InlineData("Database")]
    [InlineData("DatabaseInstance")]
    [InlineData("LinkedInstance")]
    [InlineData("Application")]
    public async Task What_is_to_be_destroyed_goes_though_it_was_refreshed(string kind)
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        var old = await run.CreateAsync($"pgfleet:index:{kind}", "one", InputsOf(kind));
        await run.Client.CancelAsync(new());
        await run.HandshakeAsync();

        var read = await run.ReadAsync(old);
        await run.DiffAsync(old with { Inputs = read.Inputs }, old.Inputs, read.Properties);
        await run.DeleteAsync(old);

        Assert.False(await run.IsThereAsync(old));
    }

    /// <summary>A dependant of what is deleted first is diffed with an unknown instance and then deleted, whether or not it was checked before.</summary>
    [Fact]
    public async Task What_goes_with_its_server_is_deleted_first()
    {
        Recorded old;
        await using (var first = await EngineRun.BeginAsync(home.Path))
        {
            old = await first.CreateAsync(Wire.Database, "one", InputsOf("Database"));
        }
        await using var run = await EngineRun.BeginAsync(home.Path);
        await run.CheckAsync(old);
        await run.DiffAsync(old);
        var diff = await run.DiffAsync(old, With(old.Inputs, "instance", Wire.Unknown));
        Assert.Equal(["instance"], diff.Replaces);
        Assert.False(diff.DeleteBeforeReplace, "where the new server has another name, the new database comes first");
        await run.DeleteAsync(old);
        Assert.False(await run.IsThereAsync(old));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_two_resources_of_a_program_declare_is_refused_before_either_is_made(string kind)
    {
        var type = $"pgfleet:index:{kind}";
        await using var run = await EngineRun.BeginAsync(home.Path);
        Assert.Empty((await run.CheckAsync(type, "one", InputsOf(kind))).Failures);
        // The engine checks a resource again before it replaces it.
        Assert.Empty((await run.CheckAsync(type, "one", InputsOf(kind))).Failures);

        var failure = Assert.Single((await run.CheckAsync(type, "two", InputsOf(kind))).Failures);

        Assert.Equal("name", failure.Property);
        Assert.Contains($"is declared by {Wire.Urn(type, "one")} already", failure.Reason, StringComparison.Ordinal);
    }

    /// <summary>As after a replacement that was interrupted when the old server was deleted: the engine knows of no dependant to delete with it.</summary>
    [Theory]
    [InlineData("Database")]
    [InlineData("Application")]
    public async Task What_was_on_a_server_that_this_run_makes_anew_under_its_name_is_not_the_same(string kind)
    {
        var (type, server) = ($"pgfleet:index:{kind}", InputsOf("DatabaseInstance"));
        Recorded old, on;
        await using (var first = await EngineRun.BeginAsync(home.Path))
        {
            old = await first.CreateAsync(Wire.Instance, "server", server);
            on = await first.CreateAsync(type, "on", With(InputsOf(kind), "instance", "other"));
        }
        await using (var broken = await EngineRun.BeginAsync(home.Path))
        {
            await broken.DeleteAsync(kind == "Database" ? old : on);
            await broken.DeleteAsync(old);
        }

        await using var run = await EngineRun.BeginAsync(home.Path);
        var fixture = await run.CreateAsync(old);
        Assert.Empty((await run.CheckAsync(on)).Failures);
        var diff = await run.DiffAsync(on);
        Assert.Equal(["instance"], diff.Diffs);
        Assert.Equal(kind == "Database" ? ["instance"] : [], diff.Replaces);
        if (kind == "Database")
        {
            await run.DeleteAsync(on);
            Assert.True(await run.IsThereAsync(await run.CreateAsync(on)));
        }
        await DestroyAsync(fixture);
    }

    /// <summary>Linking a server again does not affect what is on it: the server itself continues.</summary>
    [Fact]
    public async Task What_is_on_a_server_of_others_stays_when_this_run_links_it_anew()
    {
        Recorded link, on;
        await using (var first = await EngineRun.BeginAsync(home.Path))
        {
            link = await first.CreateAsync("pgfleet:index:LinkedInstance", "link", InputsOf("LinkedInstance"));
            on = await first.CreateAsync(Wire.Database, "on", With(With(InputsOf("Database"), "instance", "linked"), "name", "orders"));
        }
        await DestroyAsync(link);

        await using var run = await EngineRun.BeginAsync(home.Path);
        link = await run.CreateAsync(link);
        Assert.Empty((await run.CheckAsync(on)).Failures);
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, (await run.DiffAsync(on)).Changes);
        await DestroyAsync(link);
    }

    [Fact]
    public async Task A_backup_directory_given_to_a_server_that_had_none_is_a_replacement()
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        var elsewhere = server.Inputs.Clone();
        elsewhere.Fields["backup"] = Value.ForStruct(Wire.Struct("""{"directory": "/var/tmp"}"""));

        var diff = await run.DiffAsync(server, elsewhere);

        Assert.Equal(["backup"], diff.Replaces);
        Assert.Equal(PropertyDiff.Types.Kind.AddReplace, diff.DetailedDiff["backup.directory"].Kind);
    }

    /// <summary>The names of instances are one name space: a resource of another kind with the same name is not deleted as the old one.</summary>
    [Fact]
    public async Task An_instance_that_is_kept_is_not_deleted_as_one_of_another_kind()
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        await run.CheckAsync(server);
        await run.DiffAsync(server);
        await run.DeleteAsync(new(Wire.Urn("pgfleet:index:LinkedInstance", "old"), "pgfleet:index:LinkedInstance", server.Id, new(), Wire.Struct("""{"name": "main", "host": "localhost", "adminUsername": "x"}""")));
        Assert.True(await run.IsThereAsync(server));
    }

    private async Task DestroyAsync(Recorded resource)
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        await run.DeleteAsync(resource);
        Assert.False(await run.IsThereAsync(resource));
    }

    private Struct InputsOf(string kind)
    {
        if (kind == "Application")
        {
            Directory.CreateDirectory(Path.Combine(home.Path, "app"));
            File.WriteAllText(Path.Combine(home.Path, "app", "dbos-config.yaml"), "name: shop-app\ndatabase:\n  migrate: []\n");
        }
        return Wire.Struct(kind switch
        {
            "Database" => """{"instance": "main", "name": "shop"}""",
            "DatabaseInstance" => """{"name": "other", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false}""",
            "RestoredInstance" => """{"name": "undone", "sourceInstance": "main", "restoreTime": "latest"}""",
            "LinkedInstance" => $$"""{"name": "linked", "host": "127.0.0.1", "port": {{server.State.Fields["port"].NumberValue}}, "adminUsername": "shopkeeper", "adminPassword": "correct-horse", "sslMode": "require"}""",
            _ => $$"""{"name": "shop-app", "directory": "{{home.Path}}/app", "instance": "main"}""",
        });
    }

    /// <summary>As recorded by version 0.1.0, without an identity.</summary>
    private static Recorded WithoutIdentity(Recorded resource)
    {
        var state = resource.State.Clone();
        state.Fields.Remove("identity");
        return resource with { State = state };
    }

    private static Struct With(Struct inputs, string name, string value)
    {
        var with = inputs.Clone();
        with.Fields[name] = Value.ForString(value);
        return with;
    }
}
