using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Pulumirpc;

namespace PgFleet.Protocol;

/// <summary>The real provider process, started as the engine starts it, and a client over a real socket.</summary>
internal sealed class ProviderProcess : IAsyncDisposable
{
    private const int LargestMessage = 400 << 20;

    private readonly Process process;
    private readonly GrpcChannel channel;

    private ProviderProcess(Process process, int port)
    {
        this.process = process;
        Port = port;
        channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new() { MaxReceiveMessageSize = LargestMessage, MaxSendMessageSize = LargestMessage });
        Client = new(channel);
    }

    public int Port { get; }

    public ResourceProvider.ResourceProviderClient Client { get; }

    /// <summary>Starts a provider. <paramref name="first"/> is what the shell runs before it.</summary>
    public static async Task<ProviderProcess> StartAsync(string home, string? engineAddress = null, string first = "")
    {
        var program = Path.Combine(Repository.Programs, "pulumi-resource-pgfleet");
        string[] arguments = engineAddress is null ? [] : [engineAddress];
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{first}\nexec \"$0\" \"$@\"", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGFLEET_HOME"] = home },
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return new(process, int.Parse(line!, CultureInfo.InvariantCulture));
    }

    /// <summary>The output on stdout after the port. The engine does not show it, so it must be empty.</summary>
    public Task<string> RestOfOutputAsync() => process.StandardOutput.ReadToEndAsync();

    /// <summary>Stops the process as the engine does: Cancel, then SIGINT.</summary>
    /// <returns>How long the process took to end after the signal.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        await Client.CancelAsync(new());
        var started = Stopwatch.GetTimestamp();
        Processes.Send(Signal.Interrupt, process.Id);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        return Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
