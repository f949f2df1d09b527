using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>The examples as published, run from a copy.</summary>
public sealed class ExampleTests
{
    private static readonly string Examples = Path.Combine(Repository.Root, "examples");

    [Fact]
    public async Task A_server_with_two_databases_comes_up_as_shown()
    {
        await using var work = new Workplace();
        var program = await ReadAsync("instance-with-databases");
        var up = await BeginAsync(work, program);
        Assert.Equal("available", (string)up.Outputs["status"]!);
        Assert.Equal(["ordersUri"], up.SecretOutputs);
        Assert.Equal("Europe/Helsinki", await Workplace.ScalarAsync((string)up.Outputs["ordersUri"]!, "show timezone"));
        Assert.Equal(1L, await Workplace.ScalarAsync((string)up["stock"].Outputs["connectionUri"]!, "select count(*) from pg_extension where extname = 'pgcrypto'", Workplace.Password));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        await WriteAsync(work, program.Replace("      name: main\n", "      name: main\n      deletionProtection: false\n", StringComparison.Ordinal));
        await work.UpAsync();
        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.Home, "instances")));
    }

    [Fact]
    [Trait("Requirement", "R11")]
    [Trait("Requirement", "R12")]
    public async Task What_there_is_is_told_as_shown()
    {
        await using var work = new Workplace();
        var made = await BeginAsync(work, await ReadAsync("instance-with-databases"));
        await WriteAsync(work, await ReadAsync("asking"));
        var told = Workplace.Succeeded(await work.OpenStack("asking").UpAsync()).Outputs;
        Assert.Equal($"127.0.0.1:{made.Outputs["port"]}", (string)told["address"]!);
        Assert.Equal("available", (string)told["status"]!);
        Assert.Equal("main", (string)told["instances"]![0]!["name"]!);
        Assert.True(string.CompareOrdinal((string)told["earliest"]!, (string)told["latest"]!) < 0);
    }

    [Fact]
    [Trait("Requirement", "R21")]
    public async Task A_restore_brings_back_the_rows_as_shown()
    {
        await using var work = new Workplace();
        var orders = (string)(await BeginAsync(work, await ReadAsync("instance-with-databases"))).Outputs["ordersUri"]!;
        await Workplace.ScalarAsync(orders, "create table lamps as select generate_series(1, 3)");
        var before = (string)(await Workplace.ScalarAsync(orders, "select now()::text"))!;
        await Workplace.ScalarAsync(orders, "delete from lamps");

        await work.Stack.ConfigureAsync("restoreTime", before);
        var restored = await ReadAsync("restore");
        await WriteAsync(work, restored);
        var up = await work.UpAsync();
        var undone = ((string)up.Outputs["undoneUri"]!).Replace("/postgres?", "/orders?", StringComparison.Ordinal);
        Assert.Equal([Op.Create], up.StepsOf("undone"));
        Assert.Equal(3L, await Workplace.ScalarAsync(undone, "select count(*) from lamps"));
        Assert.Equal(0L, await Workplace.ScalarAsync(orders, "select count(*) from lamps"));

        await WriteAsync(work, restored.Replace("instance: ${main.id}", "instance: ${undone.id}", StringComparison.Ordinal).Replace("connection: ${main.", "connection: ${undone.", StringComparison.Ordinal));
        Assert.Equal(3L, await Workplace.ScalarAsync((string)(await work.UpAsync()).Outputs["ordersUri"]!, "select count(*) from lamps"));
    }

    [Fact]
    public async Task A_database_on_a_hosted_server_comes_up_and_goes_as_shown()
    {
        await using var others = new Workplace();
        others.Write(Workplace.Instance(), "port: ${main.port}\nca: ${main.caCertificate}\nuri: ${main.connectionUri}");
        var hosted = (await others.UpAsync()).Outputs;
        await using var work = new Workplace();
        await WriteAsync(work, await ReadAsync("linked"));
        foreach (var (key, value) in new[] { ("host", "127.0.0.1"), ("port", $"{hosted["port"]}"), ("adminUsername", "shopkeeper"), ("caCertificate", (string)hosted["ca"]!) })
        {
            await work.Stack.ConfigureAsync(key, value);
        }
        await work.Stack.ConfigureAsync("adminPassword", Workplace.Password, secret: true);
        var up = await work.UpAsync();
        Assert.Equal("available", (string)up.Outputs["status"]!);
        Assert.Equal("Europe/Helsinki", await Workplace.ScalarAsync((string)up.Outputs["ordersUri"]!, "show timezone"));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Equal("postgres", await Workplace.ScalarAsync((string)hosted["uri"]!, "select string_agg(datname, ',') from pg_database where not datistemplate"));
    }

    [Fact]
    [Trait("Requirement", "R13")]
    public async Task An_application_migrates_its_database_as_shown()
    {
        await using var work = new Workplace();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Examples, "application", "shop"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(work.Project, Path.GetRelativePath(Path.Combine(Examples, "application"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var uri = (string)(await BeginAsync(work, await ReadAsync("application"))).Outputs["shopUri"]!;
        await Workplace.ScalarAsync(uri, "insert into orders (item) values ('lamp')");
        await File.WriteAllTextAsync(Path.Combine(work.Project, "shop", "migrations", "003-note.sql"), "alter table orders add column note text;\n");
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("shop"));
        Assert.Equal(3L, await Workplace.ScalarAsync(uri, "select count(*) from migrations"));
        Assert.Equal("lamp", await Workplace.ScalarAsync(uri, "select item from orders where note is null"));
        Workplace.Succeeded(await work.Stack.DestroyAsync());
    }

    private static async Task<StackResult> BeginAsync(Workplace work, string program)
    {
        await WriteAsync(work, program);
        await work.Stack.ConfigureAsync("password", Workplace.Password, secret: true);
        return await work.UpAsync();
    }

    private static Task<string> ReadAsync(string example) => File.ReadAllTextAsync(Path.Combine(Examples, example, "Pulumi.yaml"));

    private static Task WriteAsync(Workplace work, string program) =>
        File.WriteAllTextAsync(Path.Combine(work.Project, "Pulumi.yaml"), program.Replace("path: ../../bin", $"path: {Repository.Root}/bin", StringComparison.Ordinal));
}
