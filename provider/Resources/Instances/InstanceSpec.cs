using System.Collections.Immutable;
using System.Globalization;
using PgFleet.Engines;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Instances;

/// <summary>Converts a declared instance to an engine's spec, and back.</summary>
internal static class InstanceSpec
{
    private const string Delete = "delete";

    public static ServerSpec Of(InstanceArgs args) => new()
    {
        Name = args.Name!,
        Parameters = (args.Parameters ?? ImmutableDictionary<string, Setting>.Empty)
            .ToImmutableSortedDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal),
        Backup = new(args.Backup!.Retention!.Length, args.Backup.Interval!.Length, args.Backup.ArchiveTimeout!.Length, OnDelete(args.Backup)),
        Placement = new()
        {
            Port = args.Port,
            ListenAddresses = [.. args.ListenAddresses ?? []],
            ClientNetworks = args.ClientNetworks is null ? null : [.. args.ClientNetworks],
            ArchiveDirectory = args.Backup.Directory?.ToString(),
        },
    };

    /// <summary>Fills the inputs that every instance has from a server's spec.</summary>
    /// <param name="args">A record with the inputs of its own kind of resource.</param>
    /// <param name="spec">The server's spec.</param>
    /// <param name="known">The recorded inputs; null on an import.</param>
    public static TArgs Observed<TArgs>(TArgs args, ServerSpec spec, TArgs? known)
        where TArgs : InstanceArgs => args with
        {
            Name = spec.Name,
            Port = spec.Placement.Port,
            ListenAddresses = spec.Placement.ListenAddresses,
            ClientNetworks = spec.Placement.ClientNetworks,
            Parameters = spec.Parameters.IsEmpty && known?.Parameters is null
            ? null
            : spec.Parameters.ToDictionary(parameter => parameter.Key, parameter => Setting.Parse(parameter.Value)!),
            Backup = new()
            {
                Retention = Duration.Of(spec.Backup.Retention),
                Interval = Duration.Of(spec.Backup.Interval),
                ArchiveTimeout = Duration.Of(spec.Backup.ArchiveTimeout),
                Directory = FolderPath.Of(spec.Placement.ArchiveDirectory),
                OnDelete = spec.Backup.OnDelete == ArchiveOnDelete.Delete ? Delete : "keep",
            },
        };

    /// <summary>The archive's fate on deletion. A state from before this input existed has none, and means keep.</summary>
    public static ArchiveOnDelete OnDelete(BackupArgs backup) => backup.OnDelete == Delete ? ArchiveOnDelete.Delete : ArchiveOnDelete.Keep;

    /// <returns>RFC 3339 in UTC, in whole seconds.</returns>
    public static string Time(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string StatusName(ServerStatus status) => status switch
    {
        ServerStatus.Unfinished => "unfinished",
        ServerStatus.Available => "available",
        ServerStatus.Stopped => "stopped",
        ServerStatus.Degraded => "degraded",
        ServerStatus.Lost => "lost",
        ServerStatus.Unreachable => "unreachable",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
