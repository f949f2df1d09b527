using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Checks the files that a server opens when it starts, which its user could replace.</summary>
internal sealed class StartFiles(ServiceAccount account)
{
    private static readonly string[] InData = ["PG_VERSION", "postgresql.auto.conf", "postmaster.pid", "global/pg_control"];

    /// <summary>Requires regular files before a start: on a pipe, the server would wait for ever without an error message.</summary>
    /// <exception cref="ResourceFailure">A file exists and is not a regular file.</exception>
    public async Task RequireRegularAsync(string name, InstancePaths paths, CancellationToken cancel)
    {
        string[] files =
        [
            .. InData.Select(file => Path.Combine(paths.Data, file)),
            Path.Combine(paths.Log, ServerLog.StartFile),
        ];
        var odd = await account.TryAsync(
            cancel, ["sh", "-c", """for f; do test -f "$f" || ! { test -e "$f" || test -L "$f"; } || { printf %s "$f"; exit; }; done""", "sh", .. files]);
        if (odd.StandardOutput is { Length: > 0 } path)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"Instance \"{name}\" is not started: \"{path}\" is no regular file.",
                "Find out who put it there. Remove it, or put the server's own file back, then run this again.");
        }
    }
}
