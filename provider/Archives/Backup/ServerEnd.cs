using System.Globalization;
using Npgsql;

namespace PgFleet.Archives.Backup;

/// <summary>Tells a server that was stopped, or is starting again, from one that has ended a session.</summary>
internal static class ServerEnd
{
    /// <summary>Whether a session failed, or did not begin, because its server was on its way down, or had gone.</summary>
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
