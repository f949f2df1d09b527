namespace PgFleet.Failures;

/// <summary>Something about the user's input, reported together with every other one of the same resource.</summary>
/// <param name="Path">Property path as the user typed it (<c>backup.retention</c>, <c>parameters["work_mem"]</c>); empty for the resource as a whole.</param>
/// <param name="Reason">What is wrong with this value and what to write instead. Never holds a secret.</param>
/// <param name="Refuses">False for a warning: the operation goes on.</param>
internal sealed record Problem(string Path, string Reason, bool Refuses = true);
