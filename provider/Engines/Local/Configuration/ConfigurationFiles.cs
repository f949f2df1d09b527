using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Configuration;

/// <summary>Writes an instance's folder <c>conf</c>, which the servers' user may read but not write.</summary>
internal sealed class ConfigurationFiles(Home home, ServiceAccount account, HelperProgram helper, TimeProvider time)
{
    public const string Postgresql = "postgresql.conf";
    public const string Hba = "pg_hba.conf";
    public const string Ident = "pg_ident.conf";

    public ServerConfiguration Of(ServerRecord record) =>
        new(record, home.Of(record.Name), helper.Path, ["root", Environment.UserName, account.Name]);

    public void Write(ServerRecord record)
    {
        var paths = home.Of(record.Name);
        var configuration = Of(record);
        helper.Install();
        Folders.Ensure(paths.Conf, Modes.SharedFolder);
        Ownership.GiveGroup(paths.Conf, account.User.Group);
        Share(paths, Postgresql, configuration.Postgresql());
        Share(paths, Hba, configuration.Hba());
        Share(paths, Ident, configuration.Ident());
        Share(paths, Path.GetFileName(paths.ArchiveScript), configuration.ArchiveScript());
        Share(paths, Path.GetFileName(paths.ArchiveConfig), JsonSerializer.Serialize(Archive(record, paths), ArchiveJson.Default.ArchiveConfig));
        new Certificates(paths, account.User.Group, time).Ensure(record.Name, ListenAddresses.Reachable(record.ListenAddresses));
    }

    private void Share(InstancePaths paths, string name, string text)
    {
        var path = Path.Combine(paths.Conf, name);
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            DurableFile.Write(path, text, Modes.Shared, account.User.Group);
        }
    }

    /// <summary>The archive's configuration for a server whose folder is, or will be, at <paramref name="paths"/>.</summary>
    public static ArchiveConfig Archive(ServerRecord record, InstancePaths paths) => new()
    {
        InstanceId = $"{record.InstanceId}",
        Name = record.Name,
        ArchiveDirectory = record.ArchiveIn(paths),
        SocketDirectory = paths.Socket,
        Port = record.Port,
        DataDirectory = paths.Data,
        RetentionSeconds = (long)record.Backup.Retention.TotalSeconds,
        IntervalSeconds = (long)record.Backup.Interval.TotalSeconds,
        SystemIdentifier = record.SystemIdentifier!,
    };
}
