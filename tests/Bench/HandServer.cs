namespace PgFleet.Bench;

/// <summary>A server on an existing data directory, configured and started by hand.</summary>
internal sealed class HandServer(string folder)
{
    public const int Port = 5432;

    public string Folder => folder;

    public string Data => $"{folder}/data";

    /// <summary>Copies a base backup, from which a recovery to the end of an archive starts.</summary>
    public async Task CopyAsync(string backup, string wal)
    {
        await Place.AsServerAsync("cp", "-a", backup, Data);
        await Place.AsServerAsync("touch", $"{Data}/recovery.signal");
        await ConfigureAsync($"restore_command = 'cp \"{wal}/%f\" \"%p\"'");
    }

    public async Task ConfigureAsync(params string[] lines)
    {
        string[] all =
        [
            $"port = {Port}", "listen_addresses = ''", $"unix_socket_directories = '{folder}'", "hot_standby = off", "wal_level = replica",
            // The source's values, which replay requires.
            "max_connections = 200", "max_worker_processes = 16", .. lines,
        ];
        await WriteAsync("postgresql.conf", string.Join('\n', all) + "\n");
        await WriteAsync("pg_hba.conf", "local all all trust\n");
        await WriteAsync("postgresql.auto.conf", "");
    }

    /// <summary>Without hot standby, a server that answers has recovered.</summary>
    public Task StartAsync() => Place.AsServerAsync($"{Place.Programs}/pg_ctl", "-D", Data, "-l", $"{folder}/log", "-t", "600", "-w", "start");

    public Task StopAsync(string mode = "fast") => Place.AsServerAsync($"{Place.Programs}/pg_ctl", "-D", Data, "-m", mode, "stop");

    public async Task ForgetAsync()
    {
        await StopAsync("immediate");
        await Place.AsServerAsync("rm", "-rf", Data);
    }

    private Task WriteAsync(string name, string text) =>
        Place.AsServerAsync("sh", "-c", "printf %s \"$1\" >\"$2\"", "sh", text, $"{Data}/{name}");
}
