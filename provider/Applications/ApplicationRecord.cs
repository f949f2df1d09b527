using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace PgFleet.Applications;

/// <summary>What is known of an application: where it is bound, and every version of it. Written when a deploy has succeeded, and at no other time.</summary>
internal sealed record ApplicationRecord
{
    /// <summary>The newest format that this program reads, and the one it writes.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required string Name { get; init; }

    /// <summary>What a state means by this application; a record of an earlier version lacks it, and is known by its first version.</summary>
    public Guid Identity { get; init; }

    /// <summary>The instance that it is bound to.</summary>
    public required string Instance { get; init; }

    public required string Database { get; init; }

    /// <summary>The directory of the last deploy, as the user wrote it.</summary>
    public required string Directory { get; init; }

    /// <summary>In the order in which they were deployed; the last is the one in force.</summary>
    public required ImmutableArray<ApplicationVersion> Versions { get; init; }

    [JsonIgnore]
    public ApplicationVersion Current => Versions[^1];

    public ApplicationRecord Upgraded() => Identity != Guid.Empty ? this : this with
    {
        Format = CurrentFormat,
        Identity = new(SHA256.HashData(Encoding.UTF8.GetBytes(Versions[0].Id)).AsSpan(0, 16)),
    };

    public ApplicationVersion? Find(string version) => Versions.FirstOrDefault(known => known.Id == version);

    /// <summary>The version that was in force at an instant; null before the first.</summary>
    public ApplicationVersion? ActiveAt(DateTimeOffset instant) => Versions.Where(version => version.Time <= instant).MaxBy(version => version.Time);
}

/// <summary>One deploy.</summary>
/// <param name="Time">When its migrations had ended, by the clock of the server that they ran on: the restored state of an instant from then on is this version's.</param>
/// <param name="SourceHash">Of the code, which lies in the archive of that name.</param>
/// <param name="Instance">Where it was deployed to.</param>
internal sealed record ApplicationVersion(string Id, DateTimeOffset Time, string SourceHash, string Instance);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ApplicationRecord))]
internal sealed partial class ApplicationJson : JsonSerializerContext;
