using System.Net;

namespace PgFleet.Platform;

/// <summary>A listening TCP socket.</summary>
internal sealed record Listener(IPAddress Address, string Inode);

/// <summary>The listening TCP sockets of this machine, as the kernel lists them.</summary>
internal static class Listeners
{
    private const string ListenState = "0A"; // TCP_LISTEN

    public static IReadOnlyList<Listener> On(int port) => [.. Rows("/proc/net/tcp", port), .. Rows("/proc/net/tcp6", port)];

    /// <summary>Describes the process that listens on a port: <c>process 123 (postgres)</c>; null when the kernel does not show it to this user.</summary>
    public static string? Holder(int port)
    {
        var inodes = On(port).Select(listener => listener.Inode).ToHashSet();
        var pid = ProcessFiles.All().FirstOrDefault(number => ProcessFiles.Sockets(number).Any(inodes.Contains));
        return pid == 0 ? null : $"process {pid} ({ProcessFiles.Name(pid)})";
    }

    public static IReadOnlyList<IPAddress> Of(int pid, int port)
    {
        var own = ProcessFiles.Sockets(pid).ToHashSet();
        return [.. On(port).Where(listener => own.Contains(listener.Inode)).Select(listener => listener.Address)];
    }

    private static IEnumerable<Listener> Rows(string path, int port)
    {
        if (!File.Exists(path)) // no IPv6
        {
            yield break;
        }
        var suffix = $":{port:X4}";
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[3] == ListenState && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            {
                yield return new(Address(fields[1][..^5]), fields[9]);
            }
        }
    }

    /// <remarks>The kernel prints 32-bit words in the machine's byte order: little-endian on every Linux platform of .NET but s390x.</remarks>
    private static IPAddress Address(string hexadecimal)
    {
        var bytes = Convert.FromHexString(hexadecimal);
        for (var word = 0; word < bytes.Length; word += 4)
        {
            Array.Reverse(bytes, word, 4);
        }
        return new(bytes);
    }
}
