using System.Text.Json;
using PgFleet.Functions;

namespace PgFleet.Verbs;

/// <summary>What the verbs print on stdout.</summary>
internal static class Output
{
    private static readonly string[] Headings = ["NAME", "STATUS", "VERSION", "ADDRESS", "USER", "CREATED"];

    public static async Task ListAsync(ListInstancesResult found, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, FunctionContext.Default.ListInstancesResult));
        }
        else if (found.Instances.Count == 0)
        {
            await Console.Out.WriteLineAsync("This fleet has no servers.");
        }
        else
        {
            await TableAsync([Headings, .. found.Instances.Select(Row)]);
        }
    }

    public static async Task StatusAsync(InstanceSummary found, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, FunctionContext.Default.InstanceSummary));
            return;
        }
        await TableAsync([Headings, Row(found)]);
        if (found.Reason is not null)
        {
            await Console.Out.WriteLineAsync(found.Reason);
        }
    }

    private static string[] Row(InstanceSummary server) =>
        [server.Name, server.Status, server.ServerVersion, $"{server.Host}:{server.Port}", server.Username, server.CreatedAt];

    private static async Task TableAsync(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, Headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
