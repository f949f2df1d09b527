using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The JSON files that describe servers of this machine.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(DeletionRecord))]
[JsonSerializable(typeof(ServerSpec))]
internal sealed partial class LocalJson : JsonSerializerContext;
