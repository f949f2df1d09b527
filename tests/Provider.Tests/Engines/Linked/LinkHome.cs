using System.Security.Cryptography;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Engines.Local;
using PgFleet.Fleet;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Linked;

/// <summary>A linked engine with a home of its own, deleted afterwards.</summary>
internal sealed class LinkHome : IAsyncDisposable
{
    private readonly LocalOptions options =
        new() { Home = Path.Combine(Path.GetTempPath(), $"pgf-{RandomNumberGenerator.GetHexString(6, lowercase: true)}"), ServiceUser = ScratchServer.ServiceUser };

    public LinkHome()
    {
        var names = new ServerNames();
        (Engine, Local) = (new(options.Home, TimeProvider.System, names), new(options, TimeProvider.System, names));
    }

    public LinkedEngine Engine { get; }

    /// <summary>The local engine of the same home.</summary>
    public LocalEngine Local { get; }

    public string Folder => options.Home;

    public string Record(string name = "legacy") => Path.Combine(Folder, "links", $"{name}.json");

    public static OperationContext<Server> Work() => new(CancellationToken.None);

    public Task<Server> LinkAsync(ServerLink link) => Engine.LinkAsync(link, Work());

    /// <summary>Writes a record of the first format for a server that does not exist.</summary>
    public void Remember(string name = "legacy")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Record(name))!);
        var record = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Engines/Linked/link-1.json"));
        File.WriteAllText(Record(name), record.Replace("\"legacy\"", $"\"{name}\"", StringComparison.Ordinal));
    }

    public async Task<object?> AskAdminAsync(string sql, string database = "postgres", string name = "legacy")
    {
        await using var admin = await Engine.OpenAsync(name, database, CancellationToken.None);
        await using var command = new Npgsql.NpgsqlCommand(sql, admin.Connection);
        return await command.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
        return ValueTask.CompletedTask;
    }
}
