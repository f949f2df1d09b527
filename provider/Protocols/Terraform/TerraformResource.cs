using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Protocols.Terraform;

/// <summary>A resource in Terraform: its own properties plus an id, timeouts and write-only secrets.</summary>
internal sealed class TerraformResource
{
    private const string Id = "id";

    public TerraformResource(Resource resource)
    {
        Resource = resource;
        Secrets = [.. resource.Shape.Inputs.Where(field => field.Secret).Select(WriteOnlySecret.Of)];
        Fields = [.. resource.Shape.Fields, .. TerraformShapes.Common.Fields, .. Secrets.SelectMany(secret => new[] { secret.Twin, secret.Version })];
        TypeName = TerraformNames.Resource(resource.Name);
    }

    public Resource Resource { get; }

    public string TypeName { get; }

    /// <summary>All attributes of the resource's object.</summary>
    public ImmutableArray<Field> Fields { get; }

    private ImmutableArray<WriteOnlySecret> Secrets { get; }

    public Tfplugin6.Schema Schema()
    {
        var secrets = Secrets.Select(secret => secret.Plain.Name).ToHashSet();
        return TerraformSchema.Of(
            Resource.Described.Prose,
            [
                .. Resource.Shape.Inputs.Where(field => !secrets.Contains(field.Name)).Select(TerraformSchema.Input),
                .. Secrets.SelectMany(secret => new[] { TerraformSchema.Input(secret.Plain), WriteOnly(secret.Twin), TerraformSchema.Input(secret.Version) }),
                // An output that depends on a secret is secret too.
                .. Resource.Shape.Outputs.Select(field => TerraformSchema.Output(field with { Secret = field.Secret || field.DependsOn.Any(secrets.Contains) })),
                .. TerraformShapes.Common.Inputs.Select(TerraformSchema.Input),
                .. TerraformShapes.Common.Outputs.Select(TerraformSchema.Output),
            ]);
    }

    /// <summary>The part of an object that the resource itself declares.</summary>
    public Map Own(Map map) => Map.Of(map.Items.Where(item => Resource.Shape[item.Key] is not null));

    public static string IdOf(Map state) => ((StringValue)state[Id]!).Value;

    /// <summary>Adds Terraform's attributes to the resource's own state; of a write-only secret, only its version.</summary>
    /// <param name="own">The resource's own state.</param>
    /// <param name="id">The id; null: not known yet.</param>
    /// <param name="config">The configuration or state whose timeouts and versions are kept.</param>
    public Map Complete(Map own, string? id, Map? config) =>
        Secrets.Select(secret => secret.Version)
            .Concat(TerraformShapes.Common.Inputs)
            .Aggregate(own.With(Id, id is null ? new Unknown() : new StringValue(id)), (map, field) => map.With(field.Name, config?[field.Name]));

    /// <param name="config">The whole configuration; unknown values are not validated.</param>
    /// <param name="prior">The recorded state, or null.</param>
    public Checked Check(Map config, Map? prior)
    {
        var common = Checker.Check(TerraformShapes.Common, Map.Of(config.Items.Where(item => TerraformShapes.Common.Inputs.Any(field => field.Name == item.Key))), null, [], _ => null);
        var check = Resource.Check(Own(Revealed(config, Secrets)), prior is null ? null : Own(prior), [], _ => null);
        return check with
        {
            Inputs = Secrets.Where(secret => secret.IsUsed(config)).Aggregate(check.Inputs, (inputs, secret) => inputs.With(secret.Plain.Name, null)),
            Problems =
            [
                .. check.Problems.Select(problem => Secrets.FirstOrDefault(secret => secret.Plain.Name == problem.Path) is { } secret ? Renamed(problem, secret, config) : problem),
                .. Secrets.Where(secret => secret.IsUsed(config) && config[secret.Plain.Name] is not null).Select(Both),
                .. common.Problems,
            ],
        };
    }

    /// <summary>The inputs for an operation, including the write-only secrets that must be set.</summary>
    public Map Inputs(Map planned, Map? prior, Map config) =>
        PreflightRunner.Decided(Resource, Own(Revealed(config, Secrets.Where(secret => secret.IsDue(prior, config)), planned)));

    /// <summary>True if anything but the timeouts differs.</summary>
    public bool Changes(Map prior, Map planned, Map config) =>
        !Own(prior).Equals(Own(planned)) || Secrets.Any(secret => secret.IsDue(prior, config));

    /// <summary>A state without its write-only secrets and the outputs that depend on them; null when none was used.</summary>
    public Map? Unrecorded(Map state, Map? prior, Map config)
    {
        var due = Secrets.Where(secret => secret.IsDue(prior, config)).ToList();
        return due.Count == 0 ? null : Without(state, due);
    }

    /// <summary>An imported state. Secrets are left out, because it is not known in which form they will be written.</summary>
    public Map Imported(Map own, string id) => Complete(Without(own, Secrets), id, null);

    /// <summary>The names of write-only inputs that are set.</summary>
    public IEnumerable<string> WriteOnlyOf(Map config) => Secrets.Where(secret => secret.IsUsed(config)).Select(secret => secret.Twin.Name);

    public bool IsSecret(string property) => Fields.Any(field => field.Name == property && field.Secret);

    public static TimeSpan? Timeout(Map map, string operation) =>
        map["timeouts"] is Map timeouts && timeouts[operation] is StringValue text ? Duration.Parse(text.Value)?.Length : null;

    /// <summary>The state without these secrets and the outputs that depend on them.</summary>
    private Map Without(Map state, IEnumerable<WriteOnlySecret> secrets)
    {
        var names = secrets.Select(secret => secret.Plain.Name).ToHashSet();
        return Map.Of(state.Items.Where(item => !names.Contains(item.Key) && !(Resource.Shape[item.Key]?.DependsOn.Any(names.Contains) ?? false)));
    }

    private static Tfplugin6.Schema.Types.Attribute WriteOnly(Field field)
    {
        var attribute = TerraformSchema.Input(field);
        attribute.WriteOnly = true;
        return attribute;
    }

    /// <summary>The configuration with the write-only values under the resource's own names.</summary>
    private static Map Revealed(Map config, IEnumerable<WriteOnlySecret> secrets, Map? onto = null) =>
        secrets.Where(secret => secret.IsUsed(config)).Aggregate(onto ?? config, (map, secret) => map.With(secret.Plain.Name, config[secret.Twin.Name]! with { Secret = true }));

    private static Problem Renamed(Problem problem, WriteOnlySecret secret, Map config) =>
        secret.IsUsed(config) ? problem with { Path = secret.Twin.Name }
        : config[secret.Plain.Name] is null ? new(secret.Plain.Name, $"is required: write {Term.Property(secret.Plain.Name)}, or {Term.Property(secret.Twin.Name)}, which no state records.")
        : problem;

    private static Problem Both(WriteOnlySecret secret) =>
        new(secret.Twin.Name, $"is set, and so is {Term.Property(secret.Plain.Name)}: keep one of the two.");
}
