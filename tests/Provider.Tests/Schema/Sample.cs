using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Schema;
using PgFleet.Schema.Types;
using PgFleet.Security;

namespace PgFleet.Tests.Schema;

/// <summary>A resource with a field for each feature of fields.</summary>
internal sealed record SampleArgs
{
    [Description("The name."), Replaces, OptionalComputed, AutoNamed, Exclusive("name"), Pattern("[a-z0-9_]{3,16}", "use 3 to 16 lower-case letters, digits and underscores")]
    public string? Name { get; init; }

    [Description("The user."), Pattern("[a-z][a-z0-9_]{2,15}", "use 3 to 16 lower-case letters, digits and underscores, the first a letter"), Reserved("dbosadmin", "dbos", "postgres", "admin")]
    public required string Username { get; init; }

    [Description("The password."), RequiredInput, Pattern(@"[^/""@'\s]{8,128}", "use 8 to 128 characters, none of them /, \", @, ' or white space")]
    public Secret? Password { get; init; }

    [Description("The port."), OptionalComputed, Between(1, 65535), Exclusive("address")]
    public int? Port { get; init; }

    [Description("Addresses."), DefaultValue(new[] { "127.0.0.1" }), Exclusive("address")]
    public required IReadOnlyList<string> ListenAddresses { get; init; }

    [Description("Parameters."), PartiallyManaged, Pattern("[a-z][a-z0-9_.]*", "write a parameter's name in lower case")]
    public IReadOnlyDictionary<string, Setting>? Parameters { get; init; }

    [Description("Backups."), DefaultValue("{}")]
    public required SampleBackup Backup { get; init; }

    [Description("Extensions.")]
    public IReadOnlyDictionary<string, SampleExtension>? Extensions { get; init; }

    [Description("The encoding."), OptionalComputed, Replaces]
    public EncodingName? Encoding { get; init; }

    [Description("What it was made from."), Replaces(WhenUnknown = false)]
    public string? Source { get; init; }

    [Description("A template."), Replaces]
    public string? Template { get; init; }

    [Description("Guards it."), DefaultValue(true)]
    public bool DeletionProtection { get; init; }

    [Description("A share.")]
    public double? Share { get; init; }

    [Description("A budget.")]
    public long? Budget { get; init; }

    [Description("What Delete does."), OneOf("refuse", "force", "retain"), DefaultValue("refuse")]
    public required string OnDelete { get; init; }

    [Description("Labels."), Replaces]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Tags."), DefaultValue(new string[0])]
    public ImmutableArray<string> Tags { get; init; }

    [Description("What its source says."), ComputedAtPlan(nameof(Source))]
    public string? Fingerprint { get; init; }
}

internal sealed record SampleBackup
{
    [Description("How long."), DefaultValue("24h")]
    public required Duration Retention { get; init; }

    [Description("Where."), Replaces]
    public string? Directory { get; init; }

    [Description("How many."), OptionalComputed]
    public int? Copies { get; init; }
}

internal sealed record SampleExtension
{
    [Description("The version."), OptionalComputed]
    public string? Version { get; init; }

    [Description("The schema.")]
    public string? Schema { get; init; }
}

internal sealed record SampleOutputs
{
    [Description("How it is."), ExpectedValue("available")]
    public required string Status { get; init; }

    [Description("Where it is."), DependsOn(nameof(SampleArgs.Name), nameof(SampleArgs.Port))]
    public required string Address { get; init; }

    [Description("How to connect."), DependsOn(nameof(SampleArgs.Username), nameof(SampleArgs.Password), nameof(SampleArgs.Port))]
    public required string ConnectionUri { get; init; }

    [Description("Since when.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("What to know."), DependsOn(nameof(SampleArgs.Fingerprint))]
    public string? Note { get; init; }
}

internal sealed record SampleQuery
{
    [Description("The name.")]
    public required string Name { get; init; }
}

internal sealed record SampleNothing;

internal sealed record SampleAnswer
{
    [Description("The name.")]
    public required string Name { get; init; }

    [Description("Those found.")]
    public required IReadOnlyList<SampleExtension> Found { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleArgs))]
[JsonSerializable(typeof(SampleOutputs))]
[JsonSerializable(typeof(SampleQuery))]
[JsonSerializable(typeof(SampleNothing))]
[JsonSerializable(typeof(SampleAnswer))]
internal sealed partial class SampleContext : JsonSerializerContext;

internal static class Sample
{
    public static ResourceSchema Shape { get; } = ResourceSchema.Of(SampleContext.Default.SampleArgs, SampleContext.Default.SampleOutputs);
}
