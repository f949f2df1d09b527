using System.Text.Json;

namespace PgFleet.EndToEnd.Kept;

/// <summary>What eng/keep-release wrote of a release in tests/Kept: kept.json.</summary>
/// <param name="Folder">Where everything lay; the places in records and states begin with it.</param>
/// <param name="Programs">Where the release's programs lay.</param>
/// <param name="Ports">Of its servers.</param>
/// <param name="Seen">What stood in a table, and when.</param>
internal sealed record Release(string Folder, string Programs, IReadOnlyList<int> Ports, IReadOnlyList<Seen> Seen)
{
    public static string Place { get; } = Path.Combine(Repository.Root, "tests", "Kept", "0.1.0");

    public static Release Load() =>
        JsonSerializer.Deserialize<Release>(File.ReadAllText(Path.Combine(Place, "kept.json")), JsonSerializerOptions.Web)!;
}

/// <param name="Instant">Between its last commit and its next.</param>
/// <param name="Lamps">The rows of the table.</param>
internal sealed record Seen(string Server, string Database, string Instant, string Lamps);
