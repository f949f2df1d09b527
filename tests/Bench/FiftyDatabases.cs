using System.Collections.Immutable;
using CliWrap;
using MiniEngine;

namespace PgFleet.Bench;

/// <summary>Fifty databases on one server: up, refresh and preview through MiniEngine, compared with the same SQL in one psql session.</summary>
internal static class FiftyDatabases
{
    private const int Count = 50;

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        var project = Directory.CreateDirectory(Path.Combine(place.Folder, "fifty")).FullName;
        var stack = new MiniStack(project, new()
        {
            SkipPreview = true,
            Environment = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string?> { ["PGFLEET_HOME"] = place.Home, ["PULUMI_CONFIG_PASSPHRASE"] = "bench" }),
        });
        Write(project, 0);
        Succeed(await stack.UpAsync());
        Write(project, Count);
        var up = await Place.MillisecondsAsync(async () => Succeed(await stack.UpAsync()));
        var refresh = await Place.MillisecondsAsync(async () => Succeed(await stack.RefreshAsync()));
        var preview = await Place.MillisecondsAsync(async () => Succeed(await stack.PreviewAsync()));
        var psql = await Place.MillisecondsAsync(() => PsqlAsync(place));
        Succeed(await stack.DestroyAsync());
        yield return ("fifty_databases_up_ms", up);
        yield return ("fifty_databases_refresh_ms", refresh);
        yield return ("fifty_databases_preview_ms", preview);
        yield return ("fifty_databases_psql_ms", psql);
        yield return ("fifty_databases_up_ratio", up / psql);
    }

    private static async Task PsqlAsync(Place place)
    {
        var sql = string.Concat(Enumerable.Range(0, Count).Select(i =>
            $"create database by_hand_{i} owner shopkeeper;\nselect * from pg_database where datname = 'by_hand_{i}';\n"));
        var socket = Path.Combine(place.Home, "instances", "main", "socket");
        var port = Path.GetExtension(Directory.GetFiles(socket, ".s.PGSQL.*").First(file => !file.EndsWith(".lock", StringComparison.Ordinal)))[1..];
        await Cli.Wrap("psql").WithArguments(["-X", "-q", "-h", socket, "-p", port, "-U", "postgres"]).WithStandardInputPipe(PipeSource.FromString(sql)).ExecuteAsync();
    }

    private static void Write(string project, int databases)
    {
        var program = $$"""
            name: fifty
            runtime: yaml
            plugins:
              providers:
                - name: pgfleet
                  path: {{Repository.Root}}/bin
            resources:
              main:
                type: pgfleet:index:DatabaseInstance
                properties: { name: main, username: shopkeeper, password: correct-horse, deletionProtection: false }

            """;
        var declared = Enumerable.Range(0, databases).Select(i => $$$"""
              db{{{i}}}:
                type: pgfleet:index:Database
                properties: { instance: "${main.id}", name: db_{{{i}}} }

            """);
        File.WriteAllText(Path.Combine(project, "Pulumi.yaml"), program + string.Concat(declared));
    }

    private static void Succeed(StackResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message).Concat(result.Steps.Select(step => step.Error))));
        }
    }
}
