using PgFleet.Failures;

namespace PgFleet.Applications;

/// <summary>Failures that a plan and a deploy report in the same words.</summary>
internal static class Refusals
{
    public static ResourceFailure Taken(ApplicationRecord record) => new(
        FailureKind.Conflict,
        $"Application \"{record.Name}\" exists already, bound to instance \"{record.Instance}\".",
        $"Choose another name, or take it over: {Term.Import("Application", record.Name, record.Name)}");

    /// <summary>Refuses another database name, because the application's data would not move to the new database.</summary>
    /// <returns>Null when the name is unchanged.</returns>
    public static ResourceFailure? Renamed(ApplicationRecord? deployed, string database) => deployed is null || deployed.Database == database ? null : new(
        FailureKind.Refused,
        $"Application \"{deployed.Name}\" is deployed with the database \"{deployed.Database}\", and {DbosConfig.FileName} now says \"{database}\".",
        $"Set database.app_db_name to \"{deployed.Database}\", or deploy under another name.");

    public static ResourceFailure NoVersion(ApplicationRecord? record, string application, string version) => new(
        FailureKind.Missing,
        $"Application \"{application}\" has no version \"{version}\".",
        record is null ? Message.Of($"It was never deployed: leave {Term.Property("previousVersion")} out.") : $"It has {string.Join(", ", record.Versions.Select(known => known.Id))}.");
}
