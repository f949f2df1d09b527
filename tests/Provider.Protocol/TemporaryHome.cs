using System.Diagnostics;

namespace PgFleet.Protocol;

/// <summary>A fleet's home of a test's own, taken down with whatever the test left in it.</summary>
internal sealed class TemporaryHome : IAsyncDisposable
{
    // Short: a server's socket lies below, and a socket's path may have 107 bytes.
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pgf-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    public async ValueTask DisposeAsync()
    {
        // Whatever still runs in a data directory of this home is a server that the test left.
        await StopServersAsync();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Ends every server of this home at once, behind the provider's back.</summary>
    public async Task StopServersAsync()
    {
        foreach (var process in Running())
        {
            using var kill = Process.Start("kill", ["-QUIT", System.IO.Path.GetFileName(process)]);
            await kill.WaitForExitAsync();
        }
        while (Running().Any())
        {
            await Task.Delay(20);
        }
    }

    private IEnumerable<string> Running() =>
        Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(System.IO.Path.GetFileName(folder), out _))
            .Where(folder => new FileInfo($"{folder}/cwd").LinkTarget?.StartsWith(Path + "/", StringComparison.Ordinal) == true);
}
