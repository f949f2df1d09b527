using System.Diagnostics;
using PgFleet.Failures;

namespace PgFleet.Platform;

/// <param name="Code">0: success.</param>
/// <param name="Output">The end of what it wrote to stdout.</param>
/// <param name="Error">The end of what it wrote to stderr.</param>
internal sealed record ShellResult(int Code, string Output, string Error);

/// <summary>
/// A command for /bin/sh in a session of its own: it has no terminal to ask questions on, and whatever it started ends with it. The group of
/// its processes bears the shell's own number, because setsid(1) becomes the shell.
/// </summary>
/// <param name="folder">Where it runs.</param>
/// <param name="environment">On top of this process's own; null takes a variable away.</param>
internal sealed class ShellCommand(string command, string folder, IReadOnlyDictionary<string, string?> environment)
{
    /// <summary>What has left the group for a session of its own may hold the streams open for ever.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    public async Task<ShellResult> RunAsync(CancellationToken cancel)
    {
        using var process = new Process { StartInfo = Start() };
        process.Start();
        var group = process.Id;
        process.StandardInput.Close();
        var (output, error) = (new Tail(process.StandardOutput), new Tail(process.StandardError));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        finally
        {
            Posix.KillGroup(group); // with what it left in the background
        }
        await Task.WhenAny(Task.WhenAll(output.Ended, error.Ended), Task.Delay(LastWords, cancel));
        return new(process.ExitCode, output.Text, error.Text);
    }

    private ProcessStartInfo Start()
    {
        if (!Directory.Exists(folder))
        {
            throw new ResourceFailure(FailureKind.Missing, $"There is no directory \"{folder}\".", "Bring it back, then run again.");
        }
        var start = new ProcessStartInfo(SystemPrograms.Find("setsid"), ["/bin/sh", "-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return start;
    }

    /// <summary>Keeps the end of a stream, and lets the rest go: a migration may talk for hours.</summary>
    private sealed class Tail
    {
        private const int Longest = 16 << 10;

        private string kept = "";
        private bool isCut;

        public Tail(StreamReader stream) => Ended = ReadAsync(stream);

        public Task Ended { get; }

        /// <summary>Half a line may hold half a secret, which nobody would know for one.</summary>
        public string Text => isCut ? $"…\n{kept[(kept.IndexOf('\n', StringComparison.Ordinal) + 1)..]}" : kept;

        private async Task ReadAsync(StreamReader stream)
        {
            var buffer = new char[Longest];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                var all = kept + new string(buffer, 0, count);
                isCut |= all.Length > Longest;
                kept = all.Length > Longest ? all[^Longest..] : all;
            }
        }
    }
}
