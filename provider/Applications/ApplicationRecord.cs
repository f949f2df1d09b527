using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace PgFleet.Applications;

/// <summary>An application: its instance and all its versions. Written only when a deploy has succeeded.</summary>
internal sealed record ApplicationRecord
{
    /// <summary>The format written, and the newest format that this program reads.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required string Name { get; init; }

    /// <summary>Identifies the application in a state. A record of an earlier version lacks it; it is then derived from the first version.</summary>
    public Guid Identity { get; init; }

    /// <summary>The instance that the application is bound to.</summary>
    public required string Instance { get; init; }

    public required string Database { get; init; }

    /// <summary>The directory of the last deploy, as the user wrote it.</summary>
    public required string Directory { get; init; }

    /// <summary>The versions in the order of deployment; the last one is current.</summary>
    public required ImmutableArray<ApplicationVersion> Versions { get; init; }

    [JsonIgnore]
    public ApplicationVersion Current => Versions[^1];

    public ApplicationRecord Upgraded() => Identity != Guid.Empty ? this : this with
    {
        Format = CurrentFormat,
        Identity = new(SHA256.HashData(Encoding.UTF8.GetBytes(Versions[0].Id)).AsSpan(0, 16)),
    };

    public ApplicationVersion? Find(string version) => Versions.FirstOrDefault(known => known.Id == version);

    /// <summary>The version that was current at an instant; null before the first.</summary>
    public ApplicationVersion? ActiveAt(DateTimeOffset instant) => Versions.Where(version => version.Time <= instant).MaxBy(version => version.Time);
}

/// <summary>A deploy.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="Time">
/// When its migrations ended, by the clock of the server that they ran on: a state restored to this instant or later belongs to this version.
/// </param>
/// <param name="SourceHash">The hash of the source, which names the archive that stores it.</param>
/// <param name="Instance">The instance it was deployed to.</param>
internal sealed record ApplicationVersion(string Id, DateTimeOffset Time, string SourceHash, string Instance);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ApplicationRecord))]
internal sealed partial class ApplicationJson : JsonSerializerContext;
