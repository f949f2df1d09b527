using System.Text.Json.Serialization;
using PgFleet.Postgres.Wal;

namespace PgFleet.Engines.Local.Instances;

/// <summary>Serializes the JSON files that describe servers on this machine.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, Converters = [typeof(LsnJson)])]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(DeletionRecord))]
[JsonSerializable(typeof(ServerSpec))]
internal sealed partial class LocalJson : JsonSerializerContext;
