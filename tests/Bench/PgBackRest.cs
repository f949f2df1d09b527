namespace PgFleet.Bench;

/// <summary>The same data in a pgBackRest repository, tuned for speed: no compression, both processors.</summary>
internal sealed class PgBackRest(Place place)
{
    private const string Stanza = "bench";

    private string repository = "";

    /// <summary>True if pgBackRest is installed.</summary>
    public static bool IsHere => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "pgbackrest")));

    /// <summary>Backs up a running server.</summary>
    public async Task BackUpAsync(HandServer server)
    {
        repository = await place.ForServerAsync("pgbackrest");
        await server.StopAsync();
        await server.ConfigureAsync("archive_mode = on", $"archive_command = 'pgbackrest --config={repository}/conf --stanza={Stanza} archive-push %p'");
        await Place.AsServerAsync("sh", "-c", "printf %s \"$1\" >\"$2\"", "sh", $"""
            [global]
            repo1-path={repository}/repo
            lock-path={repository}/lock
            spool-path={repository}/spool
            log-level-file=off
            compress-type=none
            process-max=2
            start-fast=y
            [{Stanza}]
            pg1-path={server.Data}
            pg1-port={HandServer.Port}
            pg1-socket-path={server.Folder}

            """, $"{repository}/conf");
        await server.StartAsync();
        await RunAsync("stanza-create");
        await RunAsync("backup");
    }

    /// <summary>Restores until the server answers.</summary>
    public async Task RestoreAsync(HandServer server)
    {
        await Place.AsServerAsync("mkdir", "-m", "700", server.Data);
        await RunAsync("restore", $"--pg1-path={server.Data}");
        // pgBackRest configures recovery itself; only its restore_command is kept.
        await Place.AsServerAsync("sh", "-c", "grep restore_command \"$1/postgresql.auto.conf\" >\"$1.conf\"", "sh", server.Data);
        await server.ConfigureAsync(await File.ReadAllTextAsync($"{server.Data}.conf"));
        await server.StartAsync();
    }

    private Task RunAsync(params string[] arguments) => Place.AsServerAsync("pgbackrest", [$"--config={repository}/conf", $"--stanza={Stanza}", .. arguments]);
}
