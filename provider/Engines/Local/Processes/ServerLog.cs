using System.Text.RegularExpressions;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Reads the messages of a server's last start.</summary>
internal sealed partial class ServerLog(ServiceAccount account)
{
    /// <summary>The server's stderr before it opens its log; overwritten by each start.</summary>
    public const string StartFile = "start.log";

    private const int MostLines = 12;

    /// <summary>The messages without times and process ids; empty when there are none.</summary>
    public async Task<string> LastStartAsync(InstancePaths paths, CancellationToken cancel)
    {
        var first = Lines(await account.TryAsync(cancel, "sh", "-c", """test -f "$0" && tail -c 64K "$0" """, Path.Combine(paths.Log, StartFile)));
        var rest = first.Any(OpensLog) ? Lines(await NewestAsync(paths, cancel)) : [];
        var begin = Array.FindLastIndex(rest, line => line.Contains("starting PostgreSQL", StringComparison.Ordinal)) + 1;
        return string.Join('\n', first.Where(line => !OpensLog(line) && !line.Contains("Future log output", StringComparison.Ordinal)).Concat(rest[begin..]).TakeLast(MostLines));
    }

    private Task<ServiceResult> NewestAsync(InstancePaths paths, CancellationToken cancel) =>
        account.TryAsync(cancel, "sh", "-c", """cd "$0" && newest=$(ls -t -- postgresql-*.log | head -n 1) && test -f "$newest" && tail -c 64K "$newest" """, paths.Log);

    private static string[] Lines(ServiceResult read) =>
        [.. read.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Prefix().Replace(line, ""))];

    private static bool OpensLog(string line) => line.Contains("redirecting log output", StringComparison.Ordinal);

    [GeneratedRegex(@"^\d{4}-\S+ \S+ \S+ \[\d+\] ")]
    private static partial Regex Prefix();
}
