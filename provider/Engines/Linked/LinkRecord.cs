using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace PgFleet.Engines.Linked;

/// <summary>What the registry records about a linked server. Contains the administrator's password, which is stored nowhere else.</summary>
internal sealed record LinkRecord
{
    /// <summary>The format written, and the newest format that this program reads.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required ServerLink Link { get; init; }

    /// <summary>The full version at the time of the last link or update.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>
    /// PostgreSQL's system identifier in decimal, which identifies the server under another address; null when the administrator may not read it.
    /// </summary>
    public required string? SystemIdentifier { get; init; }

    public required DateTimeOffset LinkedAt { get; init; }

    /// <summary>Identifies the link in a state. A record of an earlier version lacks it; it is then derived from the time of the link.</summary>
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
