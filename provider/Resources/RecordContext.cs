using System.Text.Json.Serialization;
using PgFleet.Resources.Application;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.LinkedInstance;
using PgFleet.Resources.RestoredInstance;

namespace PgFleet.Resources;

/// <summary>The serialization contracts of all records that users write or read; attributes contain the rest about a field.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FleetConfig))]
[JsonSerializable(typeof(DatabaseInstanceArgs))]
[JsonSerializable(typeof(DatabaseInstanceOutputs))]
[JsonSerializable(typeof(RestoredInstanceArgs))]
[JsonSerializable(typeof(RestoredInstanceOutputs))]
[JsonSerializable(typeof(LinkedInstanceArgs))]
[JsonSerializable(typeof(LinkedInstanceOutputs))]
[JsonSerializable(typeof(DatabaseArgs))]
[JsonSerializable(typeof(DatabaseOutputs))]
[JsonSerializable(typeof(ApplicationArgs))]
[JsonSerializable(typeof(ApplicationOutputs))]
internal sealed partial class RecordContext : JsonSerializerContext;
