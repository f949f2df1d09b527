using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace PgFleet.Engines.Linked;

/// <summary>What the registry knows of a linked server. Holds the administrator's password, which rests nowhere else.</summary>
internal sealed record LinkRecord
{
    /// <summary>The newest format that this program reads, and the one it writes.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required ServerLink Link { get; init; }

    /// <summary>Full version when it was last linked.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>PostgreSQL's identifier of the data, in decimal, by which a server is known under another address; null when the administrator may not ask.</summary>
    public required string? SystemIdentifier { get; init; }

    public required DateTimeOffset LinkedAt { get; init; }

    /// <summary>What a state means by this link; a record of an earlier version lacks it, and is known by the moment when it was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Guid Identity { get; init; }

    public LinkRecord Upgraded() => Identity != Guid.Empty ? this : this with
    {
        Format = CurrentFormat,
        Identity = new(SHA256.HashData(Encoding.UTF8.GetBytes(LinkedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))).AsSpan(0, 16)),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LinkRecord))]
internal sealed partial class LinkJson : JsonSerializerContext;
