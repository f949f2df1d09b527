using System.Diagnostics;
using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>The result of a shell command.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The end of its stdout.</param>
/// <param name="Error">The end of its stderr.</param>
internal sealed record ShellResult(int Code, string Output, string Error);

/// <summary>
/// Runs a command with /bin/sh in a session of its own: it has no terminal to prompt on, and what it started ends with it. Its process
/// group has the shell's own id, because setsid(1) becomes the shell.
/// </summary>
/// <param name="command">The shell command.</param>
/// <param name="folder">The working directory.</param>
/// <param name="environment">Variables added to this process's own; null removes a variable.</param>
internal sealed class ShellCommand(string command, string folder, IReadOnlyDictionary<string, string?> environment)
{
    /// <summary>Time limit for reading the streams after the shell has ended: a process that left the group may hold them open for ever.</summary>
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(2);

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
            Posix.KillGroup(group); // also kills background jobs
        }
        await Task.WhenAny(Task.WhenAll(output.Ended, error.Ended), Task.Delay(OutputTimeout, cancel));
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

    /// <summary>Keeps only the end of a stream: a migration may write for hours.</summary>
    private sealed class Tail
    {
        private const int Longest = 16 << 10;

        private string kept = "";
        private bool isCut;

        public Tail(StreamReader stream) => Ended = ReadAsync(stream);

        public Task Ended { get; }

        /// <summary>The end of the text, from a line's start: a cut line could hold part of a secret, which would not be recognised and masked.</summary>
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
