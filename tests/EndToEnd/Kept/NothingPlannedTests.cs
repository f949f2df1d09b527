using MiniEngine;
using PgFleet.EndToEnd.Terraform;

namespace PgFleet.EndToEnd.Kept;

[Collection(KeptAsItWas.Name)]
public sealed class NothingPlannedTests(KeptHome kept)
{
    [Fact]
    public async Task A_Pulumi_state_of_0_1_0_plans_nothing_and_refreshes_to_nothing()
    {
        Assert.Null(Planned(await kept.Stack.PreviewAsync()));
        await KeptHome.SettledAsync(async () => Planned(await kept.Stack.RefreshAsync()));
        Assert.Null(Planned(await kept.Stack.PreviewAsync()));
        Assert.Null(Planned(await kept.Stack.UpAsync()));
    }

    [TerraformFact]
    public async Task A_Terraform_state_of_0_1_0_plans_nothing_and_refreshes_to_nothing()
    {
        await KeptHome.SettledAsync(PlannedAsync);
        // Without -detailed-exitcode: in Terraform 1.11 that is 2 for every state, since it compares the paths of sensitive attributes in arbitrary order.
        await KeptHome.SettledAsync(async () =>
            await kept.Terraform.RunAsync("plan", "-refresh-only") is var result && result.Text.Contains("No changes.", StringComparison.Ordinal) ? null : result.Text);
        TerraformPlace.Succeeded(await kept.Terraform.RunAsync("apply", "-auto-approve", "-refresh-only"));
        await KeptHome.SettledAsync(PlannedAsync);

        async Task<string?> PlannedAsync() => await kept.Terraform.RunAsync("plan", "-detailed-exitcode") is { Code: not 0 } result ? result.Text : null;
    }

    [Theory]
    [InlineData("main")]
    [InlineData("undone")]
    [InlineData("aside")]
    [InlineData("redone")]
    public async Task A_server_of_0_1_0_has_its_rows_and_goes_on_archiving(string server)
    {
        var last = kept.Release.Seen.Last(seen => seen.Server == server);
        Assert.Equal(last.Lamps, await kept.LampsAsync(server, last.Database));
        // An empty segment is not switched.
        await kept.AskAsync(server, "postgres", "select pg_logical_emit_message(false, 'tests', 'here')");
        var segment = await kept.AskAsync(server, "postgres", "select pg_walfile_name(pg_switch_wal())");
        var archives = server == "aside" ? Directory.GetDirectories(Path.Combine(kept.Work.Folder, "archives")) : [Path.Combine(kept.Work.Home, "instances", server, "archive")];
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Assert.Single(archives), "wal", segment)), $"{segment} of {server} is archived");
    }

    /// <returns>The planned changes of the program's resources; null when there are none.</returns>
    private static string? Planned(StackResult result)
    {
        Workplace.Succeeded(result);
        Assert.Superset(new HashSet<string>(["main", "orders", "undone", "legacy", "leased", "shop-app"]), result.Steps.Select(step => step.Name).ToHashSet());
        var planned = result.Steps.Where(step => step.Op != Op.Same).Select(step => $"{step.Op} {step.Name}: {string.Join(", ", step.Changes.Select(change => change.Path))}");
        return planned.Any() ? string.Join('\n', planned) : null;
    }
}
