using System.Text.Json.Serialization;

namespace PgFleet.Functions;

/// <summary>The serialization contracts of the functions' records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GetInstanceArgs))]
[JsonSerializable(typeof(GetRecoveryWindowArgs))]
[JsonSerializable(typeof(InstanceSummary))]
[JsonSerializable(typeof(ListApplicationVersionsArgs))]
[JsonSerializable(typeof(ListApplicationVersionsResult))]
[JsonSerializable(typeof(ListInstancesArgs))]
[JsonSerializable(typeof(ListInstancesResult))]
[JsonSerializable(typeof(RecoveryWindowResult))]
internal sealed partial class FunctionContext : JsonSerializerContext;
