namespace PgFleet.Schema;

/// <summary>One difference between two states.</summary>
/// <param name="Path">The path of the value that differs, in the syntax of <see cref="PropertyPath"/>.</param>
/// <param name="Old">The old value; null when it is added.</param>
/// <param name="New">The new value; null when it is removed.</param>
/// <param name="Replaces">True if the change replaces the resource.</param>
internal sealed record Change(string Path, Value? Old, Value? New, bool Replaces);
