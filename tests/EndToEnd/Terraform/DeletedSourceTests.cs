namespace PgFleet.EndToEnd.Terraform;

/// <summary>Terraform destroys a source before, during or after the restore, without telling the provider.</summary>
public sealed class DeletedSourceTests
{
    private const string Undone = "pgfleet_restored_instance.undone";

    [TerraformFact]
    public async Task A_source_that_is_removed_in_the_edit_that_restores_it_is_restored_from_what_stays()
    {
        await using var place = new TerraformPlace();
        var then = await BeginAsync(place);
        place.Write(Restored(then) + TerraformPlace.Database("orders", instance: $"{Undone}.id"));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        Assert.Contains("main@", (await place.Work.PgFleetAsync("list", "--deleted")).Out, StringComparison.Ordinal);
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task So_it_is_where_the_restore_is_replaced_in_that_edit()
    {
        await using var place = new TerraformPlace();
        var first = await BeginAsync(place);
        await place.QueryAsync("pgfleet_database_instance.main", "insert into kept values (2)", "orders");
        var second = await NowAsync(place);
        await place.QueryAsync("pgfleet_database_instance.main", "insert into kept values (3)", "orders");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + Restored(first));
        await place.AppliedAsync();
        place.Write(Restored(second));
        await place.AppliedAsync();
        Assert.Equal(2L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task A_server_that_was_replaced_under_its_name_is_restored_by_its_identity()
    {
        await using var place = new TerraformPlace();
        var then = await BeginAsync(place);
        await place.AppliedAsync("-replace=pgfleet_database_instance.main");
        var identity = (await place.Work.PgFleetAsync("list", "--deleted")).Out.Split('\n')[1].Split(' ')[0];

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + Restored(then));
        // A plan that timed out leaves the refusal to the apply.
        Assert.Contains(identity, Assert.Single((await place.ApplyAsync()).Errors).Detail, StringComparison.Ordinal);

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + Restored(then, identity));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task A_source_that_takes_its_archive_along_is_refused_by_whichever_plan_comes_second()
    {
        await using var place = new TerraformPlace();
        const string OnDelete = "backup = {\n on_delete = \"delete\"\n }", Why = "since its backup.on_delete is \"delete\"";
        var kept = TerraformPlace.Instance(OnDelete) + TerraformPlace.Database("orders");
        var then = await BeginAsync(place, kept);

        // Removed, in either order; replaced, before the restore is planned and after; and by a command-line option.
        await RefusedAsync(place, Why, Restored(then));
        await RefusedAsync(place, Why, TerraformPlace.Instance(OnDelete, name: "anew") + TerraformPlace.Restored(then, "depends_on = [pgfleet_database_instance.main]", "\"main\""));
        await RefusedAsync(place, Why, TerraformPlace.Instance($"{OnDelete}\n depends_on = [pgfleet_restored_instance.undone]", name: "anew") + Restored(then));
        await RefusedAsync(place, Why, kept + Restored(then), "-replace=pgfleet_database_instance.main");

        // In two steps.
        place.Write(kept + Restored(then));
        await place.AppliedAsync();
        place.Write(Restored(then) + TerraformPlace.Database("orders", instance: $"{Undone}.id"));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        Assert.DoesNotContain("main@", (await place.Work.PgFleetAsync("list", "--deleted")).Out, StringComparison.Ordinal);
    }

    /// <summary>Terraform destroys it before, during or after the copy.</summary>
    [TerraformFact]
    public async Task The_latest_state_is_not_restored_in_the_apply_that_drops_a_database_of_it()
    {
        const string Main = "pgfleet_database_instance.main", Latest = "latest", Why = "would have it or not, as it happens";
        await using var place = new TerraformPlace();
        await BeginAsync(place);
        var moved = TerraformPlace.Database("orders", instance: $"{Undone}.id");

        await RefusedAsync(place, Why, TerraformPlace.Instance() + moved + Restored(Latest));
        await RefusedAsync(place, Why, Restored(Latest) + moved);
        await RefusedAsync(place, Why, TerraformPlace.Instance() + Restored(Latest));
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from kept", "orders"));

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + Restored(Latest));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance() + moved + Restored(Latest));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        await place.SettledAsync();
    }

    private static async Task RefusedAsync(TerraformPlace place, string why, string program, params string[] more)
    {
        place.Write(program);
        var refused = await place.ApplyAsync(more);
        Assert.Contains(refused.Errors, error => error.Detail.Contains(why, StringComparison.Ordinal));
        Assert.Empty(refused.Done);
    }

    private static string Restored(string time, string source = "main") => TerraformPlace.Restored(time, source: $"\"{source}\"");

    /// <summary>Creates a server with a row in a database.</summary>
    /// <returns>An instant at which the row existed.</returns>
    private static async Task<string> BeginAsync(TerraformPlace place, string? program = null)
    {
        place.Write(program ?? (TerraformPlace.Instance() + TerraformPlace.Database("orders")));
        await place.AppliedAsync();
        await place.QueryAsync("pgfleet_database_instance.main", "create table kept (id int)", "orders");
        await place.QueryAsync("pgfleet_database_instance.main", "insert into kept values (1)", "orders");
        return await NowAsync(place);
    }

    private static async Task<string> NowAsync(TerraformPlace place) =>
        (string)(await place.QueryAsync("pgfleet_database_instance.main", "select to_json(clock_timestamp()) #>> '{}'", "postgres"))!;
}
