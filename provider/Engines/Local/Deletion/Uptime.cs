namespace PgFleet.Engines.Local.Deletion;

/// <summary>How long the machine has been up: a clock that nobody sets. It stands still while the machine sleeps.</summary>
internal sealed class Uptime(TimeProvider time)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Another after each start of the machine; "" where the system does not tell.</summary>
    public static string Boot => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    /// <remarks>.NET's timestamp is CLOCK_MONOTONIC, which counts from the machine's start for every process.</remarks>
    public TimeSpan Now => time.GetElapsedTime(0);
}
