using System.Text.Json;
using PgFleet.Functions;

namespace PgFleet.Commands;

/// <summary>Prints the commands' results on stdout.</summary>
internal static class Output
{
    private static readonly string[] Headings = ["NAME", "STATUS", "VERSION", "ADDRESS", "USER", "CREATED", "KIND"];

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

    public static async Task DeletedAsync(ListInstancesResult found, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, FunctionContext.Default.ListInstancesResult));
        }
        else if (found.Deleted.Count == 0)
        {
            await Console.Out.WriteLineAsync(found.Damaged.Count == 0 ? "No deleted server is kept." : "No deleted server is kept whose description reads.");
        }
        else
        {
            await TableAsync([
                ["IDENTITY", "DELETED", "KEPT UNTIL", "VERSION", "USER", "CREATED"],
                .. found.Deleted.Select(server => (string[])[server.Identity, server.DeletedAt, server.KeptUntil, server.ServerVersion, server.Username, server.CreatedAt]),
            ]);
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
        if (found.Applications.Count > 0)
        {
            await Console.Out.WriteLineAsync($"Applications bound to it: {string.Join(", ", found.Applications)}.");
        }
        if (found.Reason is not null)
        {
            await Console.Out.WriteLineAsync(found.Reason);
        }
    }

    public static async Task WindowAsync(string name, RecoveryWindowResult found, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, FunctionContext.Default.RecoveryWindowResult));
            return;
        }
        await Console.Out.WriteLineAsync(found.Earliest is null ? "Nothing can be restored." : $"earliest  {found.Earliest}\nlatest    {found.Latest}");
        if (found.DeletedIdentity is not null)
        {
            await Console.Out.WriteLineAsync($"{found.DeletedIdentity} was deleted at {found.DeletedAt}, and is kept until {found.KeptUntil}.");
        }
        foreach (var segment in found.MissingSegments)
        {
            await Console.Out.WriteLineAsync($"The WAL segment {segment} is missing or damaged: what follows it, up to the end of the next base backup, cannot be restored.");
        }
        await TableAsync([["BACKUP ENDED", "SIZE", "STATE"], .. found.Backups.Select(backup => (string[])[backup.EndedAt, $"{backup.Bytes >> 20} MB", State(backup)])]);
        if (found.Complaint is not null)
        {
            await Console.Out.WriteLineAsync($"Of \"{name}\": {found.Complaint}.");
        }
    }

    private static string State(BackupSummary backup) =>
        backup.Damage ?? (backup.DamagedPages is { } pages ? $"damaged pages: {pages}" : backup.Checked ? "whole" : "whole; its pages are not checked yet");

    public static async Task VersionsAsync(ListApplicationVersionsResult found, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(found, FunctionContext.Default.ListApplicationVersionsResult));
            return;
        }
        await TableAsync([["VERSION", "DEPLOYED", "INSTANCE"], .. found.Versions.Select(version => (string[])[version.Id, version.Time, version.Instance])]);
    }

    private static string[] Row(InstanceSummary server) =>
        [server.Name, server.Status, server.ServerVersion, $"{server.Host}:{server.Port}", server.Username, server.CreatedAt, server.Linked ? "linked" : "managed"];

    private static async Task TableAsync(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
