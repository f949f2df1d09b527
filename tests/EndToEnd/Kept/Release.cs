using System.Text.Json;

namespace PgFleet.EndToEnd.Kept;

/// <summary>kept.json: what eng/keep-release recorded about a release in tests/Kept.</summary>
/// <param name="Folder">The folder of everything; the paths in records and states begin with it.</param>
/// <param name="Programs">The folder of the release's programs.</param>
/// <param name="Ports">The ports of its servers.</param>
/// <param name="Seen">The contents of tables at certain instants.</param>
internal sealed record Release(string Folder, string Programs, IReadOnlyList<int> Ports, IReadOnlyList<Seen> Seen)
{
    public static string Place { get; } = Path.Combine(Repository.Root, "tests", "Kept", "0.1.0");

    public static Release Load() =>
        JsonSerializer.Deserialize<Release>(File.ReadAllText(Path.Combine(Place, "kept.json")), JsonSerializerOptions.Web)!;
}

/// <param name="Instant">An instant between two commits.</param>
/// <param name="Lamps">The rows of the table.</param>
internal sealed record Seen(string Server, string Database, string Instant, string Lamps);
