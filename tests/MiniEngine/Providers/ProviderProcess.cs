using System.Globalization;
using System.Text;
using CliWrap;

namespace MiniEngine.Providers;

/// <summary>A provider's process (protocol 1.3 to 1.5).</summary>
internal sealed class ProviderProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopBudget = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource gone = new();
    private readonly CancellationTokenSource interrupt = new();
    private readonly CancellationTokenSource kill = new();
    private readonly StringBuilder output = new();
    private readonly Task running;
    private int group;

    private ProviderProcess(string program, string engineAddress, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        Folder = Path.GetDirectoryName(program)!;
        running = RunAsync(Command(program, engineAddress)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(WaitAsync))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(OnOutput))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(OnText)));
    }

    /// <summary>The folder of the program.</summary>
    public string Folder { get; }

    public int Port { get; private set; }

    /// <summary>What the process wrote after its port; users see it only when the process broke down (protocol 1.4).</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static async Task<ProviderProcess> StartAsync(string program, string engineAddress, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var process = new ProviderProcess(program, engineAddress, folder, environment);
        try
        {
            var line = await process.firstLine.Task.WaitAsync(StartBudget);
            process.Port = int.TryParse(line.Trim(), CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
                ? port
                : throw new ProviderException($"\"{program}\" wrote an invalid port to stdout: \"{line}\".");
            return process;
        }
        catch (Exception error)
        {
            await process.DisposeAsync();
            throw error is TimeoutException
                ? new ProviderException($"\"{program}\" wrote no port within {StartBudget.TotalSeconds} s.{Environment.NewLine}{process.Output}")
                : error;
        }
    }

    public ValueTask DisposeAsync() => EndAsync();

    /// <summary>Closes its stdin, sends SIGINT, waits, and kills its process group; processes in sessions of their own are not affected.</summary>
    /// <param name="abandoned">True: without SIGINT, because the engine was killed.</param>
    public async ValueTask EndAsync(bool abandoned = false)
    {
        await gone.CancelAsync();
        if (!abandoned)
            await interrupt.CancelAsync();
        if (await Task.WhenAny(running, Task.Delay(StopBudget)) != running)
        {
            await Cli.Wrap("sh").WithArguments(["-c", $"kill -KILL -{group.ToString(CultureInfo.InvariantCulture)}"]).WithValidation(CommandResultValidation.None).ExecuteAsync();
            await kill.CancelAsync(); // processes that inherited its streams may keep them open
        }
        await running;
        gone.Dispose();
        interrupt.Dispose();
        kill.Dispose();
    }

    /// <summary>The command in a session of its own: the engine forwards a terminal's Ctrl-C (protocol 1.5).</summary>
    private static Command Command(string program, string engineAddress) =>
        OperatingSystem.IsLinux() ? Cli.Wrap("setsid").WithArguments([program, engineAddress]) : Cli.Wrap(program).WithArguments([engineAddress]);

    private async Task RunAsync(Command command)
    {
        try
        {
            var started = command.ExecuteAsync(kill.Token, interrupt.Token);
            group = started.ProcessId;
            var result = await started;
            firstLine.TrySetException(new ProviderException($"The provider ended with exit code {result.ExitCode} before it wrote a port.{Environment.NewLine}{Output}"));
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception error)
        {
            firstLine.TrySetException(error);
        }
    }

    /// <summary>Keeps stdin open and empty as long as the engine runs (protocol 1.5).</summary>
    private Task WaitAsync(Stream input, CancellationToken ended) => Task.WhenAny(Task.Delay(Timeout.Infinite, ended), Task.Delay(Timeout.Infinite, gone.Token));

    private void OnOutput(string line)
    {
        if (!firstLine.TrySetResult(line))
            OnText(line);
    }

    private void OnText(string line)
    {
        lock (output)
            output.AppendLine(line);
    }
}
