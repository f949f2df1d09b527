using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace PgFleet.Protocol;

/// <summary>In one run, a server that is deleted with its archive, and a restore from it.</summary>
public sealed class RestoreSourceTests : IAsyncLifetime
{
    private const string Restored = "pgfleet:index:RestoredInstance";

    private readonly TemporaryHome home = new();
    private Recorded source = null!;

    public async ValueTask InitializeAsync() => source = await MakeAsync("main", "delete");

    public ValueTask DisposeAsync() => home.DisposeAsync();

    [Fact]
    public async Task A_source_that_takes_its_archive_along_is_not_replaced_in_the_run_that_restores_it_whichever_is_told_first()
    {
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            Assert.Empty((await run.CheckAsync(source, Renamed(source))).Failures);
            var failure = Assert.Single((await run.CheckAsync(Restored, "undone", Restore("latest"))).Failures);
            Assert.Equal("sourceInstance", failure.Property);
            Assert.Contains("its archive goes with it, since its backup.onDelete is \"delete\"", failure.Reason, StringComparison.Ordinal);
            Assert.Contains("in two steps", failure.Reason, StringComparison.Ordinal);
            // In a preview, the new server's outputs are unknown.
            Assert.Single((await run.CheckAsync(Restored, "other", Restore("latest", Wire.Unknown))).Failures);
        }
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            await run.CreateAsync(Restored, "undone", Restore("latest"), preview: true);
            var failure = Assert.Single((await run.CheckAsync(source, Renamed(source))).Failures);
            Assert.Contains("while urn:pulumi:", failure.Reason, StringComparison.Ordinal);
            Assert.Contains("is to be restored from it", failure.Reason, StringComparison.Ordinal);
        }
        // replaceOnChanges and the like.
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            await run.CheckAsync(source);
            await run.DiffAsync(source);
            Assert.Empty((await run.CheckAsync(Wire.Instance, "main", source.Inputs)).Failures);
            Assert.Single((await run.CheckAsync(Restored, "undone", Restore("latest"))).Failures);
        }
        Assert.True(await IsThereAsync(source));
    }

    [Fact]
    public async Task One_that_leaves_its_archive_may_be_replaced_in_that_run_and_so_may_one_whose_restore_exists()
    {
        var kept = await MakeAsync("kept", "keep");
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            Assert.Empty((await run.CheckAsync(kept, Renamed(kept))).Failures);
            Assert.Empty((await run.CheckAsync(Restored, "undone", Restore("latest", "kept"))).Failures);
        }
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            var restored = await run.CreateAsync(Restored, "undone", Restore("latest"));
            Assert.Empty((await run.CheckAsync(source, Renamed(source))).Failures);
            Assert.Empty((await run.CheckAsync(restored)).Failures);
        }
    }

    /// <summary>The engine deletes removed resources last, and with --continue-on-error even after failures.</summary>
    [Fact]
    public async Task One_that_is_removed_goes_after_its_restore_and_stays_where_that_has_failed()
    {
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            await Assert.ThrowsAsync<RpcException>(() => run.CreateAsync(Restored, "undone", Restore("2020-01-01T00:00:00Z")));
            var refused = await Assert.ThrowsAsync<RpcException>(() => run.DeleteAsync(source));
            Assert.Contains("which is to be restored from it, has not come about", refused.Status.Detail, StringComparison.Ordinal);
            Assert.True(await run.IsThereAsync(source));
        }
        await using (var run = await EngineRun.BeginAsync(home.Path))
        {
            var restored = await run.CreateAsync(Restored, "undone", Restore("latest"));
            await run.DeleteAsync(source);
            Assert.False(await run.IsThereAsync(source));
            Assert.True(await run.IsThereAsync(restored));
        }
    }

    private async Task<Recorded> MakeAsync(string name, string onDelete)
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        return await run.CreateAsync(Wire.Instance, name, Wire.Struct(
            $$$"""{"name": "{{{name}}}", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false, "backup": {"onDelete": "{{{onDelete}}}"}}"""));
    }

    private async Task<bool> IsThereAsync(Recorded resource)
    {
        await using var run = await EngineRun.BeginAsync(home.Path);
        return await run.IsThereAsync(resource);
    }

    private static Struct Restore(string time, string source = "main") => Wire.Struct($$"""{"name": "undone", "sourceInstance": "{{source}}", "restoreTime": "{{time}}"}""");

    /// <summary>Inputs that replace a server.</summary>
    private static Struct Renamed(Recorded server)
    {
        var inputs = server.Inputs.Clone();
        inputs.Fields["name"] = Value.ForString("anew");
        return inputs;
    }
}
