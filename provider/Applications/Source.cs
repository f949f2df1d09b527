using PgFleet.Failures;

namespace PgFleet.Applications;

/// <summary>What a deploy would bring, as it can be told before: from a directory, or from what was kept of a version.</summary>
internal sealed record Source(string Hash, DbosConfig Config)
{
    /// <exception cref="ResourceFailure">It cannot be deployed: something is missing or wrong, or it belongs to another database.</exception>
    public static Source Read(ApplicationStore store, string application, string directory, string? previousVersion)
    {
        var record = store.Find(application);
        var source = previousVersion is null
            ? new Source(new SourceDirectory(directory).Hash(), DbosConfig.Read(directory, application, Environment.GetEnvironmentVariable))
            : Of(store, application, record?.Find(previousVersion) ?? throw Refusals.NoVersion(record, application, previousVersion));
        return Refusals.Renamed(record, source.Config.Database) is { } refusal ? throw refusal : source;
    }

    private static Source Of(ApplicationStore store, string application, ApplicationVersion version) =>
        new(version.SourceHash, DbosConfig.Parse(store.ReadText(application, version, DbosConfig.FileName), application, Environment.GetEnvironmentVariable));
}
