using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace PgFleet.Schema;

/// <summary>The properties of a resource, a function or the provider's configuration, read once from its records' serialization contracts.</summary>
internal sealed record ResourceSchema
{
    private ResourceSchema(ImmutableArray<Field> inputs, ImmutableArray<Field> outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
    }

    public ImmutableArray<Field> Inputs { get; }

    public ImmutableArray<Field> Outputs { get; }

    public IEnumerable<Field> Fields => Inputs.Concat(Outputs);

    public Field? this[string name] => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>A resource's schema. Its state contains inputs and outputs together, so they share no name.</summary>
    public static ResourceSchema Of(JsonTypeInfo args, JsonTypeInfo outputs)
    {
        var declared = OfFunction(args, outputs);
        var names = declared.Inputs.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var output in declared.Outputs)
        {
            if (names.Contains(output.Name))
            {
                throw new ArgumentException($"\"{output.Name}\" stands on {args.Type.Name} and on {outputs.Type.Name}: declare it on one of them.");
            }

            if (output.DependsOn.FirstOrDefault(name => !names.Contains(name)) is { } stranger)
            {
                throw new ArgumentException($"\"{output.Name}\" of {outputs.Type.Name} follows \"{stranger}\", which {args.Type.Name} does not declare.");
            }
        }

        // A value computed at plan time is declared among the arguments, where the handler reads it, but is an output for everything else.
        return new([.. declared.Inputs.Where(field => !field.ComputedAtPlan)], [.. declared.Inputs.Where(field => field.ComputedAtPlan), .. declared.Outputs]);
    }

    /// <summary>A function's schema; its inputs and outputs may share names.</summary>
    public static ResourceSchema OfFunction(JsonTypeInfo args, JsonTypeInfo result) =>
        new(SchemaReader.Fields(args, input: true), SchemaReader.Fields(result, input: false));

    /// <summary>The schema of the provider's configuration, which has only inputs.</summary>
    public static ResourceSchema OfConfiguration(JsonTypeInfo configuration) => new(SchemaReader.Fields(configuration, input: true), []);
}
