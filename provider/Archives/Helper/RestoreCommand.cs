using System.Globalization;
using System.Text.Json;
using PgFleet.Archives.Restore;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;

namespace PgFleet.Archives.Helper;

/// <summary>The subcommands that read an archive, run as the servers' user.</summary>
internal static class RestoreCommand
{
    public static void Inspect(string configPath)
    {
        var config = ArchiveConfig.Read(configPath);
        Print(new ArchiveInspection(config, ArchiveLayout.Open(config)).Report());
    }

    public static void Resume(string data, string timeline)
    {
        RecoverySignal.GiveBack(data, uint.Parse(timeline, CultureInfo.InvariantCulture));
        Console.Out.WriteLine($"done {timeline}");
    }

    /// <summary>Restores. Holds the pin, so that nothing expires while the archive is read.</summary>
    public static async Task RunAsync(string configPath, string target, string wal, string instant, CancellationToken cancel)
    {
        var config = ArchiveConfig.Read(configPath);
        var layout = ArchiveLayout.Open(config);
        using var pin = await Poll.UntilTakenAsync(TimeProvider.System, layout.TryPin, cancel);
        RestorePoint point;
        await using (var progress = new ProgressLines(Console.Out, TimeProvider.System))
        {
            point = await new RestoreJob(config, layout, target, wal, progress).RunAsync(InstantOf(instant), cancel);
        }
        Print(point);
    }

    private static DateTimeOffset? InstantOf(string text) =>
        text == ArchiveCommands.Latest ? null : DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static void Print<T>(T result) => Console.Out.WriteLine($"done {JsonSerializer.Serialize(result, typeof(T), ArchiveJson.OneLine)}");
}
