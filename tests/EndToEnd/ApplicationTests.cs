using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Applications with migrations, on real servers.</summary>
public sealed class ApplicationTests
{
    private const string Runs = "psql -qc 'create table if not exists runs (at timestamptz default now())' -c 'insert into runs default values'";

    [Fact]
    [Trait("Requirement", "R9")]
    [Trait("Requirement", "R13")]
    [Trait("Requirement", "R14")]
    public async Task An_application_is_deployed_with_its_database_and_every_migration()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work, "psql -qc 'create table if not exists orders (id int)'", Runs);
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"), "uri: ${shop-app.connectionUri}\ndatabase: ${shop-app.database}");

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal("shop_app", (string)preview["shop-app"].Outputs["database"]!);
        Assert.False(Directory.Exists(work.Home));

        var up = await work.UpAsync();
        var uri = (string)up.Outputs["uri"]!;
        Assert.Equal(["uri"], up.SecretOutputs);
        Assert.Equal("shop_app", (string)up.Outputs["database"]!);
        Assert.Equal("shopkeeper shopkeeper", await Workplace.ScalarAsync(uri, "select string_agg(tableowner, ' ') from pg_tables where tablename in ('orders', 'runs')"));
        Assert.Equal(1L, await Workplace.ScalarAsync(uri, "select count(*) from runs"));
        Assert.Equal(0L, await RolesAsync(uri));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        app.Write("notes.txt", "another content");
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("shop-app"));
        Assert.Equal(2L, await Workplace.ScalarAsync(uri, "select count(*) from runs"));
        Assert.Equal([Op.Same], Workplace.Succeeded(await work.Stack.RefreshAsync()).StepsOf("shop-app"));
        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.Home, "applications")));
    }

    [Fact]
    [Trait("Requirement", "R15")]
    public async Task A_migration_that_fails_is_told_whole_and_the_next_up_goes_on()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work, "psql -qc 'create table if not exists first ()'", "echo on stdout; psql -c 'create table oops (id nonsense)'");
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"), "uri: ${main.connectionUri}");
        var failed = await work.Stack.UpAsync();
        Assert.False(failed.Succeeded);
        Assert.All(["Migration 2 of 2", "exit code: 1", "stdout: on stdout", "type \"nonsense\" does not exist", "restoreTime: \""], part => Assert.Contains(part, Workplace.Told(failed), StringComparison.Ordinal));
        Assert.NotEmpty(failed["shop-app"].InitErrors);

        app.Migrate("psql -qc 'create table if not exists first ()'", "psql -c 'create table oops (id int)'");
        var up = await work.UpAsync();
        Assert.Equal([Op.Update], up.StepsOf("shop-app"));
        var uri = (string)up["shop-app"].Outputs["connectionUri"]!;
        Assert.Equal("first oops", await Workplace.ScalarAsync(uri, "select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public'"));

        var version = (string)up["shop-app"].Outputs["version"]!;
        app.Migrate("exit 1");
        Assert.False((await work.Stack.UpAsync()).Succeeded);
        Assert.Equal(version, (await VersionsAsync(work)).Single());
        app.Migrate("true");
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("shop-app"));
    }

    [Fact]
    [Trait("Requirement", "R26")]
    [Trait("Requirement", "R27")]
    [Trait("Requirement", "R28")]
    [Trait("Requirement", "R30")]
    public async Task An_application_moves_to_a_restored_server_with_the_version_of_that_instant_while_the_original_goes()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work, "psql -qc 'create table if not exists orders (id int, note text)'");
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"), "uri: ${shop-app.connectionUri}");
        var up = await work.UpAsync();
        var (uri, first) = ((string)up.Outputs["uri"]!, (string)up["shop-app"].Outputs["version"]!);
        await Workplace.ScalarAsync(uri, "insert into orders values (1, 'lamp')");
        var before = (string)(await Workplace.ScalarAsync(uri, "select now()::text"))!;
        app.Migrate("psql -qc 'alter table orders drop column note'");
        var broken = await work.UpAsync();
        Assert.Contains(broken.Diagnostics, diagnostic => diagnostic.Severity == Severity.Warning && diagnostic.Message.Contains("public.orders.note is gone", StringComparison.Ordinal));

        var restored = $$"""

            undone:
              type: pgfleet:index:RestoredInstance
              properties:
                name: undone
                sourceInstance: main
                restoreTime: "{{before}}"
                password: ${password}
            """;
        const string Then = """
            then:
              fn::invoke:
                function: pgfleet:index:listApplicationVersions
                arguments: { application: shop-app, at: AT }
            """;
        work.Write(
            restored.TrimStart() + AppFolder.Declaration("connection: ${undone.connectionUri}\npreviousVersion: ${then.active}", "${undone.id}"),
            "uri: ${shop-app.connectionUri}\nversion: ${shop-app.version}", Then.Replace("AT", $"\"{before}\"", StringComparison.Ordinal));
        var moved = await work.UpAsync();
        Assert.Equal([Op.Update], moved.StepsOf("shop-app"));
        Assert.Equal([Op.Delete], moved.StepsOf("main"));
        Assert.False(Directory.Exists(Path.Combine(work.Home, "instances", "main")));
        Assert.Equal("lamp", await Workplace.ScalarAsync((string)moved.Outputs["uri"]!, "select note from orders"));
        var versions = await VersionsAsync(work);
        Assert.Equal((3, first, (string)moved.Outputs["version"]!), (versions.Length, versions[0], versions[2]));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
        Assert.Contains("Applications bound to it: shop-app.", (await work.PgFleetAsync("status", "undone")).Out, StringComparison.Ordinal);

        work.Write(restored.TrimStart() + AppFolder.Declaration("connection: ${undone.connectionUri}", "${undone.id}"), "uri: ${shop-app.connectionUri}");
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("shop-app"));
        Assert.Equal(false, await Workplace.ScalarAsync((string)moved.Outputs["uri"]!, "select exists (select from pg_attribute where attrelid = 'orders'::regclass and attname = 'note')"));
    }

    [Fact]
    [Trait("Requirement", "R32")]
    public async Task A_server_whose_application_has_not_moved_is_not_destroyed()
    {
        await using var work = new Workplace();
        _ = new AppFolder(work);
        work.Write(Workplace.Instance());
        await work.UpAsync();
        work.Write(AppFolder.Declaration(instance: "main").TrimStart());
        Workplace.Succeeded(await work.OpenStack("other").UpAsync());

        work.Write(Workplace.Instance(name: "primary"));
        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Contains(preview.Diagnostics, diagnostic => diagnostic.Message.Contains("have to move first: \"shop-app\"", StringComparison.Ordinal));
        var refused = await work.Stack.UpAsync();
        Assert.False(refused.Succeeded);
        Assert.Contains("has applications bound to it: \"shop-app\"", Workplace.Told(refused), StringComparison.Ordinal);
        Assert.Equal(0, (await work.PgFleetAsync("status", "main")).Code);
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task What_cannot_be_deployed_is_refused_at_preview()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work);
        await RefusesAsync("Provision it first", AppFolder.Declaration(instance: "nowhere").TrimStart());
        work.Write(Workplace.Instance());
        await work.UpAsync();
        await RefusesAsync("It was never deployed", Workplace.Instance() + AppFolder.Declaration("previousVersion: some"));
        await RefusesAsync("There is no directory \"elsewhere\"", Workplace.Instance() + AppFolder.Declaration().Replace("directory: app", "directory: elsewhere", StringComparison.Ordinal));
        app.Write("dbos-config.yaml", "database:\n  app_db_name: Shop\n");
        await RefusesAsync("dbos-config.yaml:2: database.app_db_name specifies invalid app_db_name \"Shop\"", Workplace.Instance() + AppFolder.Declaration());

        async Task RefusesAsync(string text, string resources)
        {
            work.Write(resources);
            var preview = await work.Stack.PreviewAsync();
            Assert.False(preview.Succeeded);
            Assert.Contains(text, Workplace.Told(preview), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_provider_that_is_killed_during_a_migration_leaves_what_the_next_up_finishes()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work);
        var started = Path.Combine(work.Folder, "started");
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"), "uri: ${main.connectionUri}");
        await work.UpAsync();
        app.Migrate(Runs, $"psql -qc 'create table if not exists half ()'; touch {started}; psql -qc 'select pg_sleep(600)'");
        var up = work.Stack.UpAsync();
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(started)), "the migration runs");
        work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        Assert.False((await up).Succeeded);
        Assert.Single(await VersionsAsync(work));

        app.Migrate(Runs, "psql -qc 'create table if not exists half ()'");
        var finished = await work.UpAsync();
        Assert.Equal([Op.Update], finished.StepsOf("shop-app"));
        Assert.Equal(2, (await VersionsAsync(work)).Length);
        var uri = (string)finished["shop-app"].Outputs["connectionUri"]!;
        Assert.Equal(0L, await RolesAsync(uri));
        Assert.Equal(0L, await Workplace.ScalarAsync(uri, "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()"));
        Assert.Equal("shopkeeper", await Workplace.ScalarAsync(uri, "select tableowner from pg_tables where tablename = 'half'"));
    }

    [Fact]
    [Trait("Requirement", "R16")]
    [Trait("Requirement", "R17")]
    [Trait("Requirement", "R18")]
    public async Task After_connect_a_migration_run_by_hand_changes_the_server_s_database()
    {
        await using var work = new Workplace();
        var app = new AppFolder(work, "psql -qc 'create table if not exists orders (id int)'");
        app.Write("down.sh", """
            read_key() { sed -n "s/^  $1: '*\([^']*\)'*$/\1/p" dbos-config.yaml; }
            PGSSLMODE=require psql -h "$(read_key hostname)" -p "$(read_key port)" -U "$(read_key username)" -d shop_app -qc 'drop table orders'
            """);
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"));
        var uri = (string)(await work.UpAsync())["shop-app"].Outputs["connectionUri"]!;

        var before = app.Read("dbos-config.yaml");
        Assert.Equal(4, (await work.PgFleetAsync("connect", "nowhere", "--file", app.Config)).Code);
        Assert.Equal(before, app.Read("dbos-config.yaml"));
        var connected = await work.PgFleetAsync("connect", "main", "--file", app.Config);
        Assert.Equal(0, connected.Code);
        Assert.Contains("Be careful with a database in production", connected.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Workplace.Password, app.Read("dbos-config.yaml"), StringComparison.Ordinal);
        Assert.Contains("leads to \"main\" already", (await work.PgFleetAsync("connect", "main", "--file", app.Config)).Out, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(app.Config)!, "*.bak"))));

        await app.RunAsync("sh down.sh", ("PGPASSWORD", Workplace.Password));
        Assert.Equal(true, await Workplace.ScalarAsync(uri, "select to_regclass('orders') is null"));
        Assert.Contains("There is no file", (await work.PgFleetAsync("connect", "main", "--file", Path.Combine(work.Folder, "none.yaml"))).Error, StringComparison.Ordinal);
    }

    private static Task<object?> RolesAsync(string uri) => Workplace.ScalarAsync(uri, "select count(*) from pg_roles where rolname like 'pgfleet\\_migration\\_%'");

    /// <summary>The application's versions, the oldest first.</summary>
    private static async Task<string[]> VersionsAsync(Workplace work) =>
        [.. (await work.PgFleetAsync("versions", "shop-app")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0])];
}
