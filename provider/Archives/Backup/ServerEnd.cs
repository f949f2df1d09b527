using System.Globalization;
using Npgsql;

namespace PgFleet.Archives.Backup;

/// <summary>Distinguishes a server that stops or starts from one that ended a single session.</summary>
internal static class ServerEnd
{
    /// <summary>True if a session failed because its server was shutting down, starting or gone.</summary>
    public static async Task<bool> ExplainsAsync(NpgsqlException failure, ArchiveConfig config)
    {
        if (failure is PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow) })
        {
            return false;
        }
        try
        {
            await using var session = new BackupSession(config);
            await session.ConnectAsync(CancellationToken.None);
            return false;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState == PostgresErrorCodes.CannotConnectNow;
        }
        catch (NpgsqlException)
        {
            return !Runs(config.DataDirectory);
        }
    }

    private static bool Runs(string data)
    {
        try
        {
            return int.TryParse(File.ReadLines(Path.Combine(data, "postmaster.pid")).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid)
                && new FileInfo($"/proc/{pid}/cwd").LinkTarget == data;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
