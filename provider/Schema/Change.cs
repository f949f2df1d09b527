namespace PgFleet.Schema;

/// <param name="Path">As <see cref="PropertyPath"/> writes it, down to the value that differs.</param>
/// <param name="Old">Null when it is added.</param>
/// <param name="New">Null when it is taken out.</param>
/// <param name="Replaces">The change means another resource.</param>
internal sealed record Change(string Path, Value? Old, Value? New, bool Replaces);
