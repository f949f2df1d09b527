namespace PgFleet.Engines.Local.Archive;

/// <summary>How far one step of a long run is, in bytes.</summary>
internal sealed record ArchiveProgress(string Step, long Done, long Of);
