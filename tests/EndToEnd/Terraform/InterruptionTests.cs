namespace PgFleet.EndToEnd.Terraform;

/// <summary>Ctrl-C, which reaches terraform and the provider alike.</summary>
public sealed class InterruptionTests
{
    [TerraformFact]
    public async Task An_interrupted_restore_leaves_nothing_or_is_tainted_and_the_next_apply_makes_it()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + TerraformPlace.Restored("latest", "deletion_protection = true"));

        var early = await InterruptedAsync(place, "undone", "building");
        Assert.Contains("Cancelled at:", early.Text, StringComparison.Ordinal);
        Assert.False(place.IsTainted("pgfleet_restored_instance.undone"));
        Assert.False(Directory.Exists(Path.Combine(place.Work.Home, "instances", "undone")));

        var late = await InterruptedAsync(place, "undone", "recovering", "starting", "securing");
        Assert.Contains(late.Warnings, warning => warning.Detail.Contains("terraform untaint", StringComparison.Ordinal));
        Assert.True(place.IsTainted("pgfleet_restored_instance.undone"), late.Text);

        // Made in part, it holds nothing that would have to be protected.
        var again = await place.AppliedAsync();
        Assert.Equal(["delete pgfleet_restored_instance.undone", "create pgfleet_restored_instance.undone"], again.Done);
        Assert.Equal(1L, await place.QueryAsync("pgfleet_restored_instance.undone", "select count(*) from pg_database where datname = 'orders'", "postgres"));
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task A_server_made_in_part_is_tainted_and_after_untaint_goes_on()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance());
        await InterruptedAsync(place, "main", "starting", "securing");
        Assert.True(place.IsTainted("pgfleet_database_instance.main"));

        TerraformPlace.Succeeded(await place.RunAsync("untaint", "pgfleet_database_instance.main"));
        Assert.Equal(["update pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);
        Assert.Equal(1, await place.QueryAsync("pgfleet_database_instance.main", "select 1", "postgres"));
        await place.SettledAsync();
    }

    private static async Task<TerraformResult> InterruptedAsync(TerraformPlace place, string name, params string[] states)
    {
        var record = Path.Combine(place.Work.Home, "instances", name, "record.json");
        var result = await place.InterruptedAsync(
            () => File.Exists(record) && File.ReadAllText(record) is var text && states.Any(state => text.Contains($"\"{state}\"", StringComparison.OrdinalIgnoreCase)),
            $"\"{name}\" has come to {string.Join(" or ", states)}");
        Assert.True(result.Code != 0, result.Text);
        return result;
    }
}
