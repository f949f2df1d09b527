using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using PgFleet.Failures;

namespace PgFleet.Postgres;

/// <summary>Finds PostgreSQL's own programs on this machine. Wrappers such as pg_ctlcluster are never used.</summary>
internal sealed partial class Installations(ImmutableArray<string> binDirectories)
{
    private const int Oldest = 14;
    private const int Newest = 18;

    /// <summary>A star matches a part of a folder's name.</summary>
    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin", // Debian
        "/usr/pgsql-*/bin", // PGDG on Red Hat
        "/usr/libexec/postgresql*", // Alpine
        "/usr/local/pgsql/bin", // built from source
        "/opt/postgresql*/bin",
    ];

    /// <summary>The version that each program reported; a replaced program has another time and is asked again.</summary>
    private readonly ConcurrentDictionary<(string Folder, DateTime Changed), Installation?> known = new();

    /// <summary>The supported installations, the newest first.</summary>
    public async Task<IReadOnlyList<Installation>> ListAsync(CancellationToken cancel) =>
        [.. (await FindAsync(cancel)).Where(IsSupported).OrderByDescending(found => found.Version)];

    /// <summary>Returns the newest installation of a major version; null: of all supported versions.</summary>
    /// <exception cref="ResourceFailure">There is none.</exception>
    public async Task<Installation> GetAsync(string? major, CancellationToken cancel)
    {
        var found = await FindAsync(cancel);
        return found.Where(IsSupported).OrderByDescending(one => one.Version).FirstOrDefault(one => major is null || one.Major == major)
            ?? throw Missing(major, found);
    }

    public ResourceFailure Missing(string? major, IReadOnlyList<Installation> found)
    {
        var wanted = major is null ? $"PostgreSQL {Oldest} to {Newest}" : $"PostgreSQL {major}";
        var there = found.Count == 0
            ? $"no PostgreSQL at all; looked in {string.Join(", ", Places())}"
            : $"found {string.Join(", ", found.Select(one => $"{one.Version} in {one.BinDirectory}"))}";
        return new(
            FailureKind.Missing,
            $"{wanted} is not installed here ({there}).",
            $"Install it (on Debian: apt install postgresql-{major ?? $"{Newest}"}), or set {Term.Property("binDirectories")} to the folder of its programs.");
    }

    private static bool IsSupported(Installation found) => found.Version.Major is >= Oldest and <= Newest;

    private async Task<IReadOnlyList<Installation>> FindAsync(CancellationToken cancel)
    {
        var folders = Places().SelectMany(Expand).Select(Real).Distinct().Where(IsComplete);
        var found = await Task.WhenAll(folders.Select(folder => ReadAsync(folder, cancel)));
        return [.. found.OfType<Installation>()];
    }

    private IEnumerable<string> Places() =>
        [.. binDirectories, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted), .. UsualPlaces];

    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [place];
        }
        var parent = Path.GetDirectoryName(place[..star])!;
        var end = place.IndexOf('/', star);
        var name = Path.GetFileName(end < 0 ? place : place[..end]);
        var rest = end < 0 ? "" : place[(end + 1)..];
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, name).Select(folder => Path.Combine(folder, rest)) : [];
    }

    /// <remarks>A PATH folder may hold only a link to postgres; the link's target is in the folder that holds all programs.</remarks>
    private static string Real(string folder)
    {
        var postgres = new FileInfo(Path.Combine(folder, "postgres"));
        return postgres.LinkTarget is null ? Path.GetFullPath(folder) : Path.GetDirectoryName(postgres.ResolveLinkTarget(returnFinalTarget: true)!.FullName)!;
    }

    private static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));

    private async Task<Installation?> ReadAsync(string folder, CancellationToken cancel)
    {
        var program = (folder, File.GetLastWriteTimeUtc(Path.Combine(folder, "postgres")));
        return known.TryGetValue(program, out var installation)
            ? installation
            : known[program] = await ReadVersionAsync(folder, cancel);
    }

    private static async Task<Installation?> ReadVersionAsync(string folder, CancellationToken cancel)
    {
        var answer = await Cli.Wrap(Path.Combine(folder, "postgres")).WithArguments("--version")
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancel);
        return VersionPattern().Match(answer.StandardOutput) is { Success: true } match
            ? new(folder, Version.Parse($"{match.Groups["major"].Value}.{(match.Groups["minor"] is { Success: true } minor ? minor.Value : "0")}"))
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)(\.(?<minor>\d+))?")]
    private static partial Regex VersionPattern();
}
