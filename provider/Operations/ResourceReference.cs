namespace PgFleet.Operations;

/// <summary>What an id names. All kinds of instances share their names.</summary>
internal readonly record struct ResourceReference(string Space, string Id);
