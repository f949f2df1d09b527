namespace PgFleet.Platform;

/// <summary>How far one step of a long run is, in bytes.</summary>
internal sealed record ByteProgress(string Step, long Done, long Of);
