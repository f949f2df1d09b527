using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Protocols.Terraform;

/// <summary>A resource as Terraform has it: its own properties, and an id, time-outs and write-only secrets beside them.</summary>
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

    /// <summary>Every attribute of the resource's object.</summary>
    public ImmutableArray<Field> Fields { get; }

    private ImmutableArray<WriteOnlySecret> Secrets { get; }

    public Tfplugin6.Schema Schema()
    {
        var secrets = Secrets.Select(secret => secret.Plain.Name).ToHashSet();
        return TerraformSchema.Of(
            TerraformWording.Of(Resource.Described.Prose),
            [
                .. Resource.Shape.Inputs.Where(field => !secrets.Contains(field.Name)).Select(TerraformSchema.Input),
                .. Secrets.SelectMany(secret => new[] { TerraformSchema.Input(secret.Plain), WriteOnly(secret.Twin), TerraformSchema.Input(secret.Version) }),
                // What follows a secret is as secret.
                .. Resource.Shape.Outputs.Select(field => TerraformSchema.Output(field with { Secret = field.Secret || field.Follows.Any(secrets.Contains) })),
                .. TerraformShapes.Common.Inputs.Select(TerraformSchema.Input),
                .. TerraformShapes.Common.Outputs.Select(TerraformSchema.Output),
            ]);
    }

    /// <summary>The part of an object that the resource itself knows.</summary>
    public Map Own(Map map) => Map.Of(map.Items.Where(item => Resource.Shape[item.Key] is not null));

    public static string IdOf(Map state) => ((StringValue)state[Id]!).Value;

    /// <summary>What is recorded beside the resource's own state: nothing of a write-only secret but its version.</summary>
    /// <param name="own">The resource's own.</param>
    /// <param name="id">Null: not known yet.</param>
    /// <param name="config">Or a state, whose time-outs and versions are kept.</param>
    public Map Complete(Map own, string? id, Map? config) =>
        Secrets.Select(secret => secret.Version)
            .Concat(TerraformShapes.Common.Inputs)
            .Aggregate(own.With(Id, id is null ? new Unknown() : new StringValue(id)), (map, field) => map.With(field.Name, config?[field.Name]));

    /// <param name="config">The whole configuration; may hold unknown values, which are not judged.</param>
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

    /// <summary>The inputs for an operation, with the write-only secrets that are due.</summary>
    public Map Inputs(Map planned, Map? prior, Map config) =>
        PreflightRunner.Decided(Resource, Own(Revealed(config, Secrets.Where(secret => secret.IsDue(prior, config)), planned)));

    /// <summary>Whether anything but the time-outs differs.</summary>
    public bool Changes(Map prior, Map planned, Map config) =>
        !Own(prior).Equals(Own(planned)) || Secrets.Any(secret => secret.IsDue(prior, config));

    /// <summary>A state without its write-only secrets and without what follows from them; null when none was handed on.</summary>
    public Map? Unrecorded(Map state, Map? prior, Map config)
    {
        var due = Secrets.Where(secret => secret.IsDue(prior, config)).ToList();
        return due.Count == 0 ? null : Without(state, due);
    }

    /// <summary>An import's state: in which form a secret will be written is not known yet, so it is not recorded.</summary>
    public Map Imported(Map own, string id) => Complete(Without(own, Secrets), id, null);

    /// <summary>The write-only inputs that are used.</summary>
    public IEnumerable<string> WriteOnlyOf(Map config) => Secrets.Where(secret => secret.IsUsed(config)).Select(secret => secret.Twin.Name);

    public bool IsSecret(string property) => Fields.Any(field => field.Name == property && field.Secret);

    public static TimeSpan? Timeout(Map map, string operation) =>
        map["timeouts"] is Map timeouts && timeouts[operation] is StringValue text ? Duration.Parse(text.Value)?.Length : null;

    /// <summary>The state without these secrets and without what follows from them.</summary>
    private Map Without(Map state, IEnumerable<WriteOnlySecret> secrets)
    {
        var names = secrets.Select(secret => secret.Plain.Name).ToHashSet();
        return Map.Of(state.Items.Where(item => !names.Contains(item.Key) && !(Resource.Shape[item.Key]?.Follows.Any(names.Contains) ?? false)));
    }

    private static Tfplugin6.Schema.Types.Attribute WriteOnly(Field field)
    {
        var attribute = TerraformSchema.Input(field);
        attribute.WriteOnly = true;
        return attribute;
    }

    /// <summary>With the write-only values where the resource looks for them.</summary>
    private static Map Revealed(Map config, IEnumerable<WriteOnlySecret> secrets, Map? onto = null) =>
        secrets.Where(secret => secret.IsUsed(config)).Aggregate(onto ?? config, (map, secret) => map.With(secret.Plain.Name, config[secret.Twin.Name]! with { Secret = true }));

    private static Problem Renamed(Problem problem, WriteOnlySecret secret, Map config) =>
        secret.IsUsed(config) ? problem with { Path = secret.Twin.Name }
        : config[secret.Plain.Name] is null ? new(secret.Plain.Name, $"is required: write {secret.Plain.Name}, or {secret.Twin.Name}, which no state records.")
        : problem;

    private static Problem Both(WriteOnlySecret secret) =>
        new(secret.Twin.Name, $"is set, and so is {secret.Plain.Name}: keep one of the two.");
}
