using CliWrap;
using CliWrap.Exceptions;

namespace PgFleet.Bench;

/// <summary>Restores on a file system that shares blocks, where the size hardly matters to the copy.</summary>
internal static class ReflinkFigures
{
    private const long DiskSize = 24L << 30;
    private const int Runs = 3;

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        var (image, mounted) = (Path.Combine(place.Folder, "xfs.img"), Path.Combine(place.Folder, "xfs"));
        if (await MountAsync(image, mounted) is { } reason)
        {
            Console.Error.WriteLine($"reflink: not measured, since no XFS can be mounted here ({reason})");
            yield break;
        }
        try
        {
            foreach (var gigabytes in (int[])[2, 4])
            {
                await using var disk = new Place(mounted);
                await using var provider = await Provider.StartAsync(disk);
                var big = await BigServer.CreateAsync(disk, provider, gigabytes);
                var (ready, all) = (new List<double>(), new List<double>());
                for (var run = 0; run < Runs; run++)
                {
                    await big.ArchiveAllAsync();
                    var restored = await big.RestoreAsync($"copy{run}");
                    ready.Add(restored.Ready);
                    all.Add(restored.All);
                }
                await big.DeleteAsync();
                yield return ($"reflink_restore_{gigabytes}gb_ms", Place.Median(ready));
                yield return ($"reflink_restore_{gigabytes}gb_with_first_backup_ms", Place.Median(all));
            }
        }
        finally
        {
            await Cli.Wrap("umount").WithArguments([mounted]).ExecuteAsync();
        }
    }

    /// <summary>Mounts it; returns why that is not possible, or null.</summary>
    private static async Task<string?> MountAsync(string image, string folder)
    {
        await using (var file = File.Create(image))
        {
            file.SetLength(DiskSize);
        }
        Directory.CreateDirectory(folder);
        try
        {
            await Cli.Wrap("mkfs.xfs").WithArguments(["-q", "-m", "reflink=1", image]).ExecuteAsync();
            await Cli.Wrap("mount").WithArguments(["-o", "loop", image, folder]).ExecuteAsync();
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            return null;
        }
        catch (Exception failure) when (failure is CommandExecutionException or System.ComponentModel.Win32Exception)
        {
            return failure.Message.Split('\n')[0];
        }
    }
}
