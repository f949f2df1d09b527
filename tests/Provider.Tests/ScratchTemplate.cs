using PgFleet.Tests;

[assembly: AssemblyFixture(typeof(ScratchTemplate))]

namespace PgFleet.Tests;

/// <summary>A data directory that has never been used: copying it is much cheaper than initdb. Deleted after the last test.</summary>
public sealed class ScratchTemplate : IDisposable
{
    private static readonly Lazy<Task<string>> Folder = new(MakeAsync);

    internal static async Task<string> DataAsync() => Path.Combine(await Folder.Value, "data");

    public void Dispose()
    {
        if (Folder.IsValueCreated)
        {
            Directory.Delete(Folder.Value.Result, recursive: true);
        }
    }

    private static async Task<string> MakeAsync()
    {
        var folder = await ScratchServer.MakeFolderAsync();
        await ScratchServer.InitializeAsync(Path.Combine(folder, "data"));
        return folder;
    }
}
