using System.Collections.Immutable;
using PgFleet.Functions;
using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>A function as a data source: its inputs and outputs are one object, and equal names are one attribute.</summary>
internal sealed class TerraformDataSource(Function function)
{
    public Function Function => function;

    public string TypeName { get; } = TerraformNames.DataSource(function.Name);

    public ImmutableArray<Field> Fields { get; } = [.. function.Shape.Inputs, .. Answers(function.Shape)];

    public Tfplugin6.Schema Schema() => TerraformSchema.Of(
        function.Described.Prose, [.. function.Shape.Inputs.Select(TerraformSchema.Input), .. Answers(function.Shape).Select(TerraformSchema.Output)]);

    public Map Answer(Map config, Map answer) =>
        Answers(function.Shape).Aggregate(config, (map, field) => map.With(field.Name, answer[field.Name]));

    private static IEnumerable<Field> Answers(ResourceSchema shape) => shape.Outputs.Where(output => shape.Inputs.All(input => input.Name != output.Name));
}
