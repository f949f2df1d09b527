using System.Runtime.InteropServices;

namespace PgFleet.Protocols.Terraform;

/// <summary>Ignores the signals that a terminal sends to every process of a command: Terraform handles them.</summary>
internal sealed class TerraformLifetime : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> ignored = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => ignored.ForEach(signal => signal.Dispose());
}
