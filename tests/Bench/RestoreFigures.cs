namespace PgFleet.Bench;

/// <summary>A restore of data with little WAL, compared with copying the same data and recovering by hand, and with pgBackRest; alternating.</summary>
internal static class RestoreFigures
{
    private const int Gigabytes = 2;
    private const int Runs = 3;

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        await using var provider = await Provider.StartAsync(place);
        var big = await BigServer.CreateAsync(place, provider, Gigabytes);
        await big.ArchiveAllAsync();
        var hand = new HandServer(await place.ForServerAsync("hand"));
        await hand.CopyAsync(big.Backup, big.Wal);
        await hand.StartAsync();
        var rest = PgBackRest.IsHere ? new PgBackRest(place) : null;
        if (rest is not null)
        {
            await rest.BackUpAsync(hand);
        }
        await hand.ForgetAsync();

        var (ready, all, byHand, byRest) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            byHand.Add(await Place.MillisecondsAsync(async () =>
            {
                await hand.CopyAsync(big.Backup, big.Wal);
                await hand.StartAsync();
            }));
            await hand.ForgetAsync();
            if (rest is not null)
            {
                byRest.Add(await Place.MillisecondsAsync(() => rest.RestoreAsync(hand)));
                await hand.ForgetAsync();
            }
            var restored = await big.RestoreAsync($"copy{run}");
            ready.Add(restored.Ready);
            all.Add(restored.All);
        }
        yield return ("restore_2gb_ms", Place.Median(ready));
        yield return ("restore_2gb_with_first_backup_ms", Place.Median(all));
        yield return ("cp_and_recover_2gb_by_hand_ms", Place.Median(byHand));
        yield return ("restore_2gb_to_hand_ratio", Place.Median(ready) / Place.Median(byHand));
        yield return ("restore_2gb_with_first_backup_to_hand_ratio", Place.Median(all) / Place.Median(byHand));
        if (rest is not null)
        {
            yield return ("pgbackrest_restore_2gb_ms", Place.Median(byRest));
            yield return ("restore_2gb_to_pgbackrest_ratio", Place.Median(ready) / Place.Median(byRest));
        }

        await big.WriteWalAsync(gigabytes: 1);
        await big.ArchiveAllAsync();
        var bytes = big.WalBytesSinceBackup();
        yield return ("resolve_wal_mb", bytes / 1e6);
        yield return ("resolve_ms", await big.ResolveAsync());
        await big.DeleteAsync();
    }
}
