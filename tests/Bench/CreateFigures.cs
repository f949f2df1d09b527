namespace PgFleet.Bench;

/// <summary>From Create to its response, first base backup included, compared with initdb and pg_ctl by hand; alternating.</summary>
internal static class CreateFigures
{
    private const int Runs = 5;

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        await using var provider = await Provider.StartAsync(place);
        var (ours, byHand) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            var folder = await place.ForServerAsync($"hand{run}");
            byHand.Add(await Place.MillisecondsAsync(() => ByHandAsync(folder)));
            await Place.AsServerAsync($"{Place.Programs}/pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "stop");
            var inputs = await provider.CheckAsync($"bench_{run}");
            Google.Protobuf.WellKnownTypes.Struct? state = null;
            ours.Add(await Place.MillisecondsAsync(async () => state = await provider.CreateAsync(Provider.Instance, inputs)));
            await provider.DeleteAsync(Provider.Instance, $"bench_{run}", state!);
        }
        yield return ("create_ready_ms", Place.Median(ours));
        yield return ("initdb_start_by_hand_ms", Place.Median(byHand));
        yield return ("create_ready_ratio", Place.Median(ours) / Place.Median(byHand));
    }

    private static async Task ByHandAsync(string folder)
    {
        await Place.AsServerAsync($"{Place.Programs}/initdb", "-k", "--locale=C.UTF-8", "-E", "UTF8", "-A", "scram-sha-256", "--pwfile=/proc/sys/kernel/ostype", $"{folder}/data");
        await Place.AsServerAsync($"{Place.Programs}/pg_ctl", "-D", $"{folder}/data", "-l", $"{folder}/log", "-o", $"-c listen_addresses= -c unix_socket_directories={folder}", "-w", "start");
    }
}
