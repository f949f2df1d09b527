using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>The examples as they are shown, run from a copy.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task A_server_with_two_databases_comes_up_as_shown()
    {
        await using var work = new Workplace();
        var program = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "instance-with-databases", "Pulumi.yaml"));
        await WriteAsync(work, program);
        await work.Stack.ConfigureAsync("password", Workplace.Password, secret: true);

        var up = await work.UpAsync();
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

    private static Task WriteAsync(Workplace work, string program) =>
        File.WriteAllTextAsync(Path.Combine(work.Project, "Pulumi.yaml"), program.Replace("path: ../../bin", $"path: {Repository.Root}/bin", StringComparison.Ordinal));
}
