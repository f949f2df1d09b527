using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Fleet;

/// <summary>Named locks between processes. They end with the process that holds them, and child processes do not inherit them.</summary>
internal sealed class Locks(Home home, TimeProvider time)
{
    /// <summary>Time limit for waiting for another operation on the same instance.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Takes the lock of an instance's life cycle; see <see cref="TakeAsync"/>.</summary>
    public Task<IDisposable> TakeInstanceAsync(string name, string operation, CancellationToken cancel) => TakeAsync(home.Of(name).Name, operation, cancel);

    /// <summary>Waits for a lock. <paramref name="operation"/> says what it is taken for, in words that follow "is being": waiting processes show it.</summary>
    /// <exception cref="ResourceFailure">Another operation held the lock for too long.</exception>
    public Task<IDisposable> TakeAsync(string name, string operation, CancellationToken cancel) => Poll.UntilTakenAsync(
        Timeout,
        time,
        () => TryTake(name, operation),
        () => new(FailureKind.TimedOut, $"\"{name}\" is still being {Holder(name)}.", "Wait until that has ended, then run this again."),
        cancel);

    /// <summary>Takes the lock without waiting; null when it is held.</summary>
    public IDisposable? TryTake(string name, string operation)
    {
        home.Ensure();
        var taken = FileLock.TryTake(Path.Combine(home.Locks, $"{name}.lock"));
        if (taken is not null)
        {
            using var holder = new StreamWriter(HolderPath(name), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = Modes.Private });
            holder.Write($"{operation} by process {Environment.ProcessId}");
        }
        return taken;
    }

    private string Holder(string name) => File.Exists(HolderPath(name)) ? File.ReadAllText(HolderPath(name)) : "worked on by another process";

    /// <remarks>A file beside the lock, because .NET cannot open a locked file even for reading.</remarks>
    private string HolderPath(string name) => Path.Combine(home.Locks, $"{name}.holder");
}
