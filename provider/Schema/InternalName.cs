namespace PgFleet.Schema;

/// <summary>Recognises names that Pulumi's engine and SDKs add to a record's properties: they begin with two underscores.</summary>
internal static class InternalName
{
    public static bool Is(string name) => name.StartsWith("__", StringComparison.Ordinal);
}
