namespace PgFleet.Operations;

/// <summary>The object that an id refers to. All kinds of instances share one name space.</summary>
internal readonly record struct ResourceReference(string Space, string Id);
