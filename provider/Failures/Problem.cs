namespace PgFleet.Failures;

/// <summary>A problem with the user's input; all problems of a resource are reported together.</summary>
/// <param name="Path">Property path as the user typed it (<c>backup.retention</c>, <c>parameters["work_mem"]</c>); empty for the resource as a whole.</param>
/// <param name="Reason">What is wrong with this value and what to write instead. Never holds a secret.</param>
/// <param name="Refuses">False for a warning: the operation goes on.</param>
internal sealed record Problem(string Path, Message Reason, bool Refuses = true);
