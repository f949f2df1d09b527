using CliWrap;
namespace PgFleet.Shared;

/// <summary>A small disk mounted at a folder, which needs root. Unmounted even if files on it are still open.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Page = 4096;

    private readonly string folder;

    private SmallDisk(string folder) => this.folder = folder;

    private string Ballast => Path.Combine(folder, "ballast");

    public static bool IsPossible => Environment.IsPrivilegedProcess;

    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        await Cli.Wrap("mount").WithArguments(["-t", "tmpfs", "-o", $"size={megabytes}m,mode=711", "tmpfs", folder]).ExecuteAsync();
        return new(folder);
    }

    /// <summary>Fills the disk up to this much free space.</summary>
    public void FillUp(int megabytesLeft)
    {
        using var file = File.OpenHandle(Ballast, FileMode.Create, FileAccess.Write);
        var left = (long)megabytesLeft << 20;
        var block = new byte[1 << 20];
        for (long offset = 0; new DriveInfo(folder).AvailableFreeSpace > left + block.Length; offset += block.Length)
        {
            RandomAccess.Write(file, block, offset);
        }
    }

    /// <summary>Fills the disk completely.</summary>
    public void FillUpWholly()
    {
        FillUp(megabytesLeft: 0);
        using var file = File.OpenHandle(Ballast, FileMode.Open, FileAccess.Write);
        try
        {
            for (var offset = RandomAccess.GetLength(file); ; offset += Page)
            {
                RandomAccess.Write(file, new byte[Page], offset);
            }
        }
        catch (IOException) // it is full
        {
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(folder);
        await Cli.Wrap("umount").WithArguments(["--lazy", folder]).ExecuteAsync();
    }
}
