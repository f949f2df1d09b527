using System.Collections.Immutable;
using System.Text.Json;
using MiniEngine;
using Npgsql;
using PgFleet.EndToEnd.Terraform;

namespace PgFleet.EndToEnd.Kept;

/// <summary>The files of version 0.1.0, with its servers started by the program under test, as after a reboot.</summary>
public sealed class KeptHome : IAsyncLifetime
{
    internal Release Release { get; } = Release.Load();

    internal Workplace Work { get; } = new();

    internal TerraformPlace Terraform { get; private set; } = null!;

    /// <summary>MiniEngine, even if pulumi is installed, because the state is in its format.</summary>
    internal IStack Stack => OpenStack(Work.Project);

    /// <summary>The recorded calls, by operation.</summary>
    internal string Calls => Path.Combine(Work.Folder, "calls");

    public async ValueTask InitializeAsync()
    {
        Terraform = new(Work);
        var unpacking = new Unpacking(Work.Folder, new(Release, Work.Folder));
        unpacking.Unpack(Path.Combine(Release.Place, "files.tar.br"));
        unpacking.Copy(Path.Combine(Release.Place, "stack"), Work.Project);
        unpacking.Copy(Path.Combine(Release.Place, "calls"), Calls);
        var (code, _, error) = await Work.PgFleetAsync("start", "--all", "--for-machine");
        Assert.True(code == 0, $"The kept servers are PostgreSQL 15's, which has to be installed here, and they did not start: {error}");
    }

    public ValueTask DisposeAsync() => Work.DisposeAsync();

    internal IStack OpenStack(string project) => new MiniStack(project, new()
    {
        Environment = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string?>
        {
            ["PGFLEET_HOME"] = Work.Home,
            ["PULUMI_CONFIG_PASSPHRASE"] = "tests",
        }),
    });

    /// <summary>Repeats a run until it reports no problem: a server on a busy machine may not answer in time, but does at the next read. A real problem persists. <paramref name="run"/> returns null when all is well.</summary>
    internal static async Task SettledAsync(Func<Task<string?>> run)
    {
        const int Looks = 12;
        var wrong = await run();
        for (var looked = 1; wrong is not null && looked < Looks; looked++)
        {
            wrong = await run();
        }
        Assert.True(wrong is null, wrong);
    }

    /// <summary>Repeats a run that was held up by a server that did not answer in time.</summary>
    internal static async Task<IReadOnlyList<StackResult>> GoOnAsync(Func<Task<StackResult>> run)
    {
        var runs = new List<StackResult>();
        await SettledAsync(async () =>
        {
            runs.Add(await run());
            return runs[^1].Succeeded ? null : Workplace.Told(runs[^1]);
        });
        return runs;
    }

    internal Task<string> LampsAsync(string server, string database) =>
        AskAsync(server, database, "select coalesce(string_agg(id || ' ' || name, ', ' order by id), '') from lamps");

    /// <summary>Runs a query as the server's superuser.</summary>
    internal async Task<string> AskAsync(string server, string database, string sql)
    {
        var folder = Path.Combine(Work.Home, "instances", server);
        using var record = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "record.json")));
        await using var connection = new NpgsqlConnection(
            $"Host={folder}/socket;Port={record.RootElement.GetProperty("port").GetInt32()};Username=postgres;Database={database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return $"{await command.ExecuteScalarAsync()}";
    }
}

/// <summary>For tests that only read.</summary>
[CollectionDefinition(Name)]
public sealed class KeptAsItWas : ICollectionFixture<KeptHome>
{
    public const string Name = "What 0.1.0 left behind, as it was";
}
