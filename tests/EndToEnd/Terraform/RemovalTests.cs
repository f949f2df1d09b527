namespace PgFleet.EndToEnd.Terraform;

/// <summary>What an apply would refuse is refused in its plan, before anything is destroyed.</summary>
public sealed class RemovalTests
{
    private const string Main = "pgfleet_database_instance.main";

    [TerraformFact]
    public async Task A_server_does_not_go_in_the_apply_that_moves_its_application_away_and_its_databases_stay()
    {
        await using var place = new TerraformPlace();
        _ = new AppFolder(place.Work, "psql -qc 'create table if not exists orders (id int)'");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("beside") + TerraformPlace.Application());
        await place.AppliedAsync();

        place.Write(TerraformPlace.Instance(name: "primary") + TerraformPlace.Database("beside") + TerraformPlace.Application());
        await RefusedAsync(place, "in two applies");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("beside") + TerraformPlace.Application());
        await RefusedAsync(place, "in two applies", $"-replace={Main}");

        var other = "\n" + TerraformPlace.Instance(name: "other").Replace("\"main\" {", "\"other\" {", StringComparison.Ordinal);
        place.Write(other + TerraformPlace.Application(instance: "pgfleet_database_instance.other.id"));
        await RefusedAsync(place, "in two applies");
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from pg_database where datname = 'beside'", "postgres"));

        // The permitted ways: in two applies, and all at once.
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("beside") + other + TerraformPlace.Application(instance: "pgfleet_database_instance.other.id"));
        await place.AppliedAsync();
        place.Write(other + TerraformPlace.Application(instance: "pgfleet_database_instance.other.id"));
        Assert.Equal(["delete pgfleet_database.beside", $"delete {Main}"], (await place.AppliedAsync()).Done);
        var destroyed = TerraformPlace.Succeeded(await place.DestroyAsync());
        // For a server that does not answer in time, the databases are not listed.
        Assert.Contains(destroyed.Warnings, warning => warning is { Summary: "Data will be lost" } && warning.Detail.Contains(" \"other\" ", StringComparison.Ordinal));
    }

    [TerraformFact]
    public async Task A_restore_from_a_server_that_is_made_in_the_same_apply_is_refused()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance());
        await place.AppliedAsync();
        var then = (string)(await place.QueryAsync(Main, "select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", "postgres"))!;

        place.Write(TerraformPlace.Instance(name: "anew") + TerraformPlace.Restored(then));
        await RefusedAsync(place, "lies before this plan");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored(then));
        await RefusedAsync(place, "lies before this plan", $"-replace={Main}");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored("latest"));
        await RefusedAsync(place, "the copy would be empty", $"-replace={Main}");

        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored(then));
        await place.AppliedAsync();
    }

    [TerraformFact]
    public async Task A_database_does_not_move_to_a_server_that_cannot_be_looked_at()
    {
        await using var place = new TerraformPlace();
        var other = "\n" + TerraformPlace.Instance(name: "other").Replace("\"main\" {", "\"other\" {", StringComparison.Ordinal);
        place.Write(TerraformPlace.Instance() + other + TerraformPlace.Database("moving"));
        await place.AppliedAsync();
        await place.Work.PgFleetAsync("stop", "other");

        place.Write(TerraformPlace.Instance() + other + TerraformPlace.Database("moving", "extensions = {\n pgcryptoo = {}\n }", "\"other\""));
        await RefusedAsync(place, "not available but stopped");
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from pg_database where datname = 'moving'", "postgres"));
    }

    private static async Task RefusedAsync(TerraformPlace place, string why, params string[] more)
    {
        var refused = await place.ApplyAsync(more);
        Assert.Contains(refused.Errors, error => error.Detail.Contains(why, StringComparison.Ordinal));
        Assert.Empty(refused.Done);
    }
}
