namespace PgFleet.EndToEnd.Terraform;

/// <summary>Ctrl-C, which reaches both terraform and the provider.</summary>
public sealed class InterruptionTests
{
    private const string Main = "pgfleet_database_instance.main";

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

        // An unfinished server holds no data to protect.
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

    /// <summary>Terraform then keeps the interrupted one as deposed, and destroys it after it has created the server.</summary>
    [TerraformFact]
    public async Task Under_create_before_destroy_the_next_apply_makes_what_was_interrupted_and_destroys_nothing_of_it()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance("lifecycle {\n create_before_destroy = true\n }") + TerraformPlace.Database("one"));
        await InterruptedAsync(place, "main", "building");
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from pg_database where datname = 'one'", "postgres"));
        await ConvergedAsync(place);
    }

    [TerraformFact]
    public async Task What_was_on_a_server_that_is_made_anew_only_in_part_holds_up_no_apply()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("one"));
        await place.AppliedAsync();
        await InterruptedAsync(place, "main", ["building", "starting", "securing"], $"-replace={Main}", $"-target={Main}");
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from pg_database where datname = 'one'", "postgres"));
        await ConvergedAsync(place);
    }

    /// <summary>Before the name is free nothing is lost; after that the deletion completes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_destroy_is_finished_by_the_next_and_the_state_tells_what_is_there(bool isFree)
    {
        Assert.SkipUnless(TerraformFactAttribute.IsHere, TerraformFactAttribute.Missing);
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("one"));
        await place.AppliedAsync();
        var folder = Path.Combine(place.Work.Home, "instances", "main");
        await place.InterruptedAsync(
            () => !Directory.Exists(folder) || (!isFree && !File.Exists(Path.Combine(folder, "data", "postmaster.pid"))), isFree ? "the name is free" : "the server has stopped", "-destroy");
        Assert.Equal(Directory.Exists(folder), place.Has(Main));
        await place.AppliedAsync();
        Assert.Equal(1L, await place.QueryAsync(Main, "select count(*) from pg_database where datname = 'one'", "postgres"));
        await ConvergedAsync(place);

        TerraformPlace.Succeeded(await place.DestroyAsync());
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(folder)!));
        Assert.False(place.Has(Main));
    }

    /// <summary>Nothing is created or destroyed any more. On a busy machine, a server that does not answer in time is repaired.</summary>
    private static async Task ConvergedAsync(TerraformPlace place) =>
        Assert.DoesNotContain((await place.AppliedAsync()).Done, done => !done.StartsWith("update ", StringComparison.Ordinal));

    private static Task<TerraformResult> InterruptedAsync(TerraformPlace place, string name, params string[] states) => InterruptedAsync(place, name, states, []);

    private static async Task<TerraformResult> InterruptedAsync(TerraformPlace place, string name, string[] states, params string[] more)
    {
        var record = Path.Combine(place.Work.Home, "instances", name, "record.json");
        var result = await place.InterruptedAsync(
            () => File.Exists(record) && File.ReadAllText(record) is var text && states.Any(state => text.Contains($"\"{state}\"", StringComparison.OrdinalIgnoreCase)),
            $"\"{name}\" has come to {string.Join(" or ", states)}",
            more);
        Assert.True(result.Code != 0, result.Text);
        return result;
    }
}
