using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace PgFleet.Bench;

/// <summary>A folder for servers created by hand and by pgfleet, and ways to time both.</summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    /// <summary>Creates the folder in <paramref name="parent"/>; null: in the system's temporary folder.</summary>
    public Place(string? parent = null)
    {
        folder = Directory.CreateDirectory(Path.Combine(parent ?? Path.GetTempPath(), $"pgf-{Guid.NewGuid().ToString("N")[..8]}"));
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_001_001);
    }

    public static string Programs { get; } = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";

    public string Folder => folder.FullName;

    public string Home => Path.Combine(Folder, "home");

    public static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>A command as the user that servers run as.</summary>
    public static Command AsServer(string program, params string[] arguments) =>
        (Environment.IsPrivilegedProcess
            ? Cli.Wrap("setpriv").WithArguments(["--reuid", "postgres", "--regid", "postgres", "--init-groups", program, .. arguments])
            : Cli.Wrap(program).WithArguments(arguments)).WithWorkingDirectory("/");

    public static Task<BufferedCommandResult> AsServerAsync(string program, params string[] arguments) => AsServer(program, arguments).ExecuteBufferedAsync();

    /// <summary>A folder below <see cref="Folder"/> that the servers' user may write.</summary>
    public async Task<string> ForServerAsync(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(path);
        if (Environment.IsPrivilegedProcess)
        {
            await Cli.Wrap("chown").WithArguments(["postgres", path]).ExecuteAsync();
        }
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(Folder);
        folder.Delete(recursive: true);
    }
}
