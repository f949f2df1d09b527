namespace PgFleet.Protocol;

/// <summary>A test's own home for a fleet, deleted with everything that the test left in it.</summary>
internal sealed class TemporaryHome : IAsyncDisposable
{
    // Short, because a server's socket is below it, and its path may have 107 bytes.
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pgf-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(Path);
        Directory.Delete(Path, recursive: true);
    }
}
