using PgFleet.Tests;

[assembly: AssemblyFixture(typeof(ScratchTemplate))]

namespace PgFleet.Tests;

/// <summary>The data of a server that has never run: to copy them is much cheaper than to make them. Gone when the last test has ended.</summary>
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
