namespace PgFleet.Engines.Local.Deletion;

/// <summary>The machine's uptime: a clock that cannot be set. It stops while the machine is suspended.</summary>
internal sealed class Uptime(TimeProvider time)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>An id that changes with each boot; "" where the system has none.</summary>
    public static string Boot => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    /// <remarks>.NET's timestamp is CLOCK_MONOTONIC, which counts from boot in every process.</remarks>
    public TimeSpan Now => time.GetElapsedTime(0);
}
