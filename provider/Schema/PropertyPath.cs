namespace PgFleet.Schema;

/// <summary>
/// Writes paths in Pulumi's syntax: <c>backup.retention</c>, <c>parameters["work_mem"]</c>, <c>clientNetworks[0]</c>. A map's keys are always quoted; a
/// record's properties never need it.
/// </summary>
internal static class PropertyPath
{
    public static string Property(string parent, string name) =>
        name.AsSpan().IndexOfAny(".[\"") >= 0 || name.Length == 0 ? Key(parent, name)
        : parent.Length == 0 ? name
        : $"{parent}.{name}";

    public static string Key(string parent, string key) => $"{parent}[\"{key.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    public static string Index(string parent, int index) => $"{parent}[{index}]";
}
