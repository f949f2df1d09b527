namespace PgFleet.Schema;

/// <summary>Pulumi's engine and SDKs keep notes of their own among a record's properties, under names that begin with two underscores.</summary>
internal static class InternalName
{
    public static bool Is(string name) => name.StartsWith("__", StringComparison.Ordinal);
}
