using System.Globalization;
using System.Text.RegularExpressions;
using PgFleet.Postgres.Wal;

namespace PgFleet.Postgres.Backup;

/// <summary>
/// A file of a relation in a copied data directory: a fork, in segments of 1 GB. Files of temporary relations have other names and are not listed.
/// </summary>
/// <param name="Path">The path relative to the data directory.</param>
/// <param name="Database">The database's OID; 0 for shared relations.</param>
/// <param name="Number">The number that names the relation's files.</param>
/// <param name="Fork">See <see cref="PageAddress"/>.</param>
/// <param name="Segment">The number of the segment, from 0.</param>
internal sealed partial record RelationFile(string Path, uint Database, uint Number, int Fork, uint Segment)
{
    private const uint PagesPerSegment = (1 << 30) / PageChecksum.PageSize;
    private const int Initial = 3;

    private static readonly string[] Forks = ["", "_fsm", "_vm", "_init"];

    public uint FirstBlock => Segment * PagesPerSegment;

    public PageAddress At(uint block) => new(Database, Number, Fork, block);

    /// <summary>Lists the files that recovery uses. Of an unlogged relation that is only the initial fork, from which recovery creates the others.</summary>
    public static IEnumerable<RelationFile> List(string data)
    {
        foreach (var (folder, database) in Folders(data))
        {
            var files = Directory.EnumerateFiles(System.IO.Path.Combine(data, folder)).Select(path => Find(folder, database, System.IO.Path.GetFileName(path))).OfType<RelationFile>().ToList();
            var unlogged = files.Where(file => file.Fork == Initial).Select(file => file.Number).ToHashSet();
            foreach (var file in files.Where(file => file.Fork == Initial || !unlogged.Contains(file.Number)))
            {
                yield return file;
            }
        }
    }

    private static IEnumerable<(string Folder, uint Database)> Folders(string data)
    {
        yield return ("global", 0);
        foreach (var name in Directory.EnumerateDirectories(System.IO.Path.Combine(data, "base")).Select(path => System.IO.Path.GetFileName(path)))
        {
            if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            {
                yield return ($"base/{name}", database);
            }
        }
    }

    private static RelationFile? Find(string folder, uint database, string name) =>
        Name().Match(name) is { Success: true } match && uint.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number)
            ? new(
                $"{folder}/{name}",
                database,
                number,
                Array.IndexOf(Forks, match.Groups[2].Value),
                match.Groups[3].Success ? uint.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) : 0)
            : null;

    [GeneratedRegex(@"^(\d{1,10})(_fsm|_vm|_init|)(?:\.(\d{1,5}))?\z")]
    private static partial Regex Name();
}
