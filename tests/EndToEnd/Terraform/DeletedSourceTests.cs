namespace PgFleet.EndToEnd.Terraform;

/// <summary>Terraform destroys a source before, while or after it makes the restore, and tells nobody.</summary>
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
        // A plan that could not look in time leaves the refusal to the apply.
        Assert.Contains(identity, Assert.Single((await place.ApplyAsync()).Errors).Detail, StringComparison.Ordinal);

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + Restored(then, identity));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Undone, "select count(*) from kept", "orders"));
        await place.SettledAsync();
    }

    private static string Restored(string time, string source = "main") => TerraformPlace.Restored(time, source: $"\"{source}\"");

    /// <summary>A server with a row in a database of its own.</summary>
    /// <returns>An instant at which it had it.</returns>
    private static async Task<string> BeginAsync(TerraformPlace place)
    {
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        await place.QueryAsync("pgfleet_database_instance.main", "create table kept (id int)", "orders");
        await place.QueryAsync("pgfleet_database_instance.main", "insert into kept values (1)", "orders");
        return await NowAsync(place);
    }

    private static async Task<string> NowAsync(TerraformPlace place) =>
        (string)(await place.QueryAsync("pgfleet_database_instance.main", "select to_json(clock_timestamp()) #>> '{}'", "postgres"))!;
}
