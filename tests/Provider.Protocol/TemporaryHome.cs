namespace PgFleet.Protocol;

/// <summary>A fleet's home of a test's own, taken down with whatever the test left in it.</summary>
internal sealed class TemporaryHome : IAsyncDisposable
{
    // Short: a server's socket lies below, and a socket's path may have 107 bytes.
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pgf-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(Path);
        Directory.Delete(Path, recursive: true);
    }
}
