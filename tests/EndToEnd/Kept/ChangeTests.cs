using MiniEngine;
using PgFleet.EndToEnd.Terraform;

namespace PgFleet.EndToEnd.Kept;

/// <summary>A state of 0.1.0 identifies a thing by its name alone. The two engines together change and delete each kind with such a state.</summary>
public sealed class ChangeTests(KeptHome kept) : IClassFixture<KeptHome>
{
    [Fact]
    public async Task A_Pulumi_state_of_0_1_0_is_updated_and_what_it_means_is_deleted()
    {
        var lamps = await kept.LampsAsync("main", "orders");
        Edit("Pulumi.yaml", program => program[..program.IndexOf("  shop-app:", StringComparison.Ordinal)]
            + program[program.IndexOf("  legacy:", StringComparison.Ordinal)..program.IndexOf("  leased:", StringComparison.Ordinal)]
            + "outputs: {}\n");
        var removed = await KeptHome.GoOnAsync(() => kept.Stack.UpAsync());
        Assert.All(["undone", "leased", "shop-app"], name => Assert.Contains(removed, run => run.StepsOf(name).Contains(Op.Delete)));
        Assert.All(["main", "orders", "legacy"], name => Assert.All(removed, run => Assert.DoesNotContain(run.StepsOf(name), op => op is not Op.Same)));
        Assert.Equal("", await kept.AskAsync("main", "postgres", "select string_agg(datname, ' ') from pg_database where datname = 'leased'"));
        Assert.False(Workplace.Has(Path.Combine(kept.Work.Home, "instances", "undone")));
        Assert.False(Workplace.Has(Path.Combine(kept.Work.Home, "applications", "shop-app")));

        Edit("Pulumi.yaml", program => program
            .Replace("work_mem: 8MB", "work_mem: 12MB", StringComparison.Ordinal)
            .Replace("      backup:", "      deletionProtection: false\n      backup:", StringComparison.Ordinal)
            .Replace("connectionLimit: 20", "connectionLimit: 30", StringComparison.Ordinal)
            .Replace("      adminUsername:", "      sslMode: verify-ca\n      adminUsername:", StringComparison.Ordinal));
        var updated = await KeptHome.GoOnAsync(() => kept.Stack.UpAsync());
        Assert.All(["main", "orders", "legacy"], name => Assert.Contains(updated, run => run.StepsOf(name).Contains(Op.Update)));
        Assert.Equal("12MB", await kept.AskAsync("main", "orders", "show work_mem"));
        Assert.Equal(lamps, await kept.LampsAsync("main", "orders"));
        Assert.All(Workplace.Succeeded(await kept.Stack.PreviewAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        await KeptHome.GoOnAsync(() => kept.Stack.DestroyAsync());
        Assert.False(Workplace.Has(Path.Combine(kept.Work.Home, "instances", "main")));
        Assert.False(Workplace.Has(Path.Combine(kept.Work.Home, "links", "legacy.json")));
    }

    [TerraformFact]
    public async Task A_Terraform_state_of_0_1_0_is_updated_and_what_it_means_is_deleted()
    {
        Edit("redone.tf", program => program.Replace("min_wal_size = \"32MB\"", "min_wal_size = \"48MB\"", StringComparison.Ordinal));
        Edit("main.tf", program => program.Replace("work_mem = \"16MB\"", "work_mem = \"24MB\"", StringComparison.Ordinal));
        Edit("stock-app/migration.sql", migration => migration + "insert into notes values ('made by another');\n");
        // Without a refresh: on a busy machine, a server that answers too late would be repaired as well.
        var updated = await kept.Terraform.AppliedAsync("-refresh=false");
        Assert.Equal(
            ["update pgfleet_application.stock_app", "update pgfleet_database.lent", "update pgfleet_restored_instance.redone"], updated.Done.Order());
        Assert.Equal("48MB", await kept.AskAsync("redone", "postgres", "show min_wal_size"));
        Assert.Equal("24MB", await kept.AskAsync("aside", "lent", "show work_mem"));
        Assert.Equal("2", await kept.AskAsync("aside", "stock_app", "select count(*) from notes"));
        await kept.Terraform.SettledAsync("-refresh=false");

        await KeptHome.SettledAsync(async () => await kept.Terraform.DestroyAsync() is { Code: not 0 } result ? result.Text : null);
        Assert.All(["instances/aside", "instances/redone", "links/borrowed.json", "applications/stock-app"], place => Assert.False(Workplace.Has(Path.Combine(kept.Work.Home, place)), place));
    }

    private void Edit(string file, Func<string, string> edit)
    {
        var path = Path.Combine(kept.Work.Project, file);
        var text = File.ReadAllText(path);
        Assert.NotEqual(text, edit(text));
        File.WriteAllText(path, edit(text));
    }
}
