using PgFleet.Failures;

namespace PgFleet.Applications;

/// <summary>What a deploy would use, read before the deploy: from a directory, or from the stored source of a version.</summary>
internal sealed record ApplicationSource(string Hash, DbosConfig Config)
{
    /// <exception cref="ResourceFailure">It cannot be deployed: something is missing or wrong, or it belongs to another database.</exception>
    public static ApplicationSource Read(ApplicationStore store, string application, string directory, string? previousVersion)
    {
        var record = store.Find(application);
        var version = VersionOf(record, application, previousVersion);
        var hash = version?.SourceHash ?? new SourceDirectory(directory).Hash();
        var config = ReadConfig(store, application, directory, version);
        return Refusals.Renamed(record, config.Database) is { } refusal ? throw refusal : new(hash, config);
    }

    /// <summary>Reads only the configuration.</summary>
    /// <inheritdoc cref="Read"/>
    public static DbosConfig ReadConfig(ApplicationStore store, string application, string directory, string? previousVersion) =>
        ReadConfig(store, application, directory, VersionOf(store.Find(application), application, previousVersion));

    private static DbosConfig ReadConfig(ApplicationStore store, string application, string directory, ApplicationVersion? version) => version is null
        ? DbosConfig.Read(directory, application, Environment.GetEnvironmentVariable)
        : DbosConfig.Parse(store.ReadText(application, version, DbosConfig.FileName), application, Environment.GetEnvironmentVariable);

    private static ApplicationVersion? VersionOf(ApplicationRecord? record, string application, string? previousVersion) =>
        previousVersion is null ? null : record?.Find(previousVersion) ?? throw Refusals.NoVersion(record, application, previousVersion);
}
