using System.Text.Json.Serialization;
using PgFleet.Engines.Local.Deleted;

namespace PgFleet.Engines.Local;

/// <summary>The fleet's identity as its file holds it.</summary>
/// <param name="Id">32 hexadecimal digits, the machine and the home that it was made at: <c>digits@machine:home</c>.</param>
internal sealed record FleetFile(int Format, string Id);

/// <summary>The one property that every format of a file has.</summary>
internal sealed record FormatOnly(int Format);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(DeletionRecord))]
[JsonSerializable(typeof(ServerSpec))]
[JsonSerializable(typeof(FleetFile))]
[JsonSerializable(typeof(FormatOnly))]
internal sealed partial class LocalJson : JsonSerializerContext;
