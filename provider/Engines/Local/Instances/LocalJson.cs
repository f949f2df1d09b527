using System.Text.Json.Serialization;

namespace PgFleet.Engines.Local.Instances;

/// <summary>Serializes the JSON files that describe servers on this machine.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(DeletionRecord))]
[JsonSerializable(typeof(ServerSpec))]
internal sealed partial class LocalJson : JsonSerializerContext;
