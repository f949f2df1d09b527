using System.Text.Json.Serialization;

namespace PgFleet.Fleet;

/// <summary>The fleet's identity as its file holds it.</summary>
/// <param name="Id">32 hexadecimal digits, the machine and the home that it was made at: <c>digits@machine:home</c>.</param>
internal sealed record FleetFile(int Format, string Id);

/// <summary>The one property that every format of a file has.</summary>
internal sealed record FormatOnly(int Format);

/// <summary>The JSON files of the fleet itself, and what all its files share.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FleetFile))]
[JsonSerializable(typeof(FormatOnly))]
internal sealed partial class FleetJson : JsonSerializerContext;
