using System.Text.Json.Serialization;

namespace PgFleet.Fleet;

/// <summary>The file that stores the fleet's identity.</summary>
/// <param name="Format">The version of the file's format.</param>
/// <param name="Id">32 hexadecimal digits, and the machine and home where it was created: <c>digits@machine:home</c>.</param>
internal sealed record FleetFile(int Format, string Id);

/// <summary>The one property that a file of any format has.</summary>
internal sealed record FormatOnly(int Format);

/// <summary>Serializes the fleet's own JSON files, and what all files share.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FleetFile))]
[JsonSerializable(typeof(FormatOnly))]
internal sealed partial class FleetJson : JsonSerializerContext;
