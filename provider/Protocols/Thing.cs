namespace PgFleet.Protocols;

/// <summary>What an id names. All kinds of instances share their names.</summary>
internal readonly record struct Thing(string Space, string Id);
