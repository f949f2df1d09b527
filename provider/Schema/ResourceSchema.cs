using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace PgFleet.Schema;

/// <summary>The properties of a resource, a function or the provider's configuration, read once from the contracts of its records.</summary>
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

    /// <summary>A resource's shape: its state is its inputs and its outputs together, so the two share no name.</summary>
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

            if (output.Follows.FirstOrDefault(name => !names.Contains(name)) is { } stranger)
            {
                throw new ArgumentException($"\"{output.Name}\" of {outputs.Type.Name} follows \"{stranger}\", which {args.Type.Name} does not declare.");
            }
        }

        // What is derived stands among the arguments, where a handler finds it, and is an output to everybody else.
        return new([.. declared.Inputs.Where(field => !field.Derived)], [.. declared.Inputs.Where(field => field.Derived), .. declared.Outputs]);
    }

    /// <summary>A function's shape: what it takes and what it answers may share names.</summary>
    public static ResourceSchema OfFunction(JsonTypeInfo args, JsonTypeInfo result) =>
        new(SchemaReader.Fields(args, input: true), SchemaReader.Fields(result, input: false));

    /// <summary>The shape of what has inputs only: the provider's configuration.</summary>
    public static ResourceSchema OfConfiguration(JsonTypeInfo configuration) => new(SchemaReader.Fields(configuration, input: true), []);
}
