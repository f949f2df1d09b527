namespace PgFleet.Platform;

/// <summary>Progress of one step of a long operation, in bytes.</summary>
internal sealed record ByteProgress(string Step, long Done, long Of);
