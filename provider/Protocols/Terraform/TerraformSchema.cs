using System.Collections.Immutable;
using Google.Protobuf;
using PgFleet.Failures;
using PgFleet.Schema;
using Tfplugin6;
using NestingMode = Tfplugin6.Schema.Types.NestingMode;

namespace PgFleet.Protocols.Terraform;

/// <summary>Converts declared fields to Terraform's schema.</summary>
internal static class TerraformSchema
{
    /// <summary>Increased when a state's format changes in a way that reading by name does not cover.</summary>
    public const int Version = 1;

    public static Tfplugin6.Schema Of(Message prose, IEnumerable<Tfplugin6.Schema.Types.Attribute> attributes)
    {
        var block = new Tfplugin6.Schema.Types.Block { Version = Version, Description = prose.Render(TerraformTerms.Instance), DescriptionKind = StringKind.Markdown };
        block.Attributes.AddRange(attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal));
        return new() { Version = Version, Block = block };
    }

    /// <summary>
    /// An input. If it may be omitted, and has a default or is chosen by the provider, it is computed. Names are not generated, because Terraform has no seed
    /// that a second plan would repeat.
    /// </summary>
    public static Tfplugin6.Schema.Types.Attribute Input(Field field)
    {
        var attribute = Attribute(field, Input);
        attribute.Required = field.Required || field.AutoNamed;
        attribute.Optional = !attribute.Required;
        attribute.Computed = attribute.Optional && (field.OptionalComputed || field.Default is not null);
        return attribute;
    }

    public static Tfplugin6.Schema.Types.Attribute Output(Field field)
    {
        var attribute = Attribute(field, Output);
        attribute.Computed = true;
        return attribute;
    }

    private static Tfplugin6.Schema.Types.Attribute Attribute(Field field, Func<Field, Tfplugin6.Schema.Types.Attribute> inner)
    {
        var attribute = new Tfplugin6.Schema.Types.Attribute
        {
            Name = TerraformNames.Attribute(field),
            Description = field.Description.Render(TerraformTerms.Instance),
            Sensitive = field.Secret,
        };
        if (Nested(field) is var (mode, fields))
        {
            attribute.NestedType = new() { Nesting = mode, Attributes = { fields.Select(inner) } };
        }
        else
        {
            attribute.Type = ByteString.CopyFromUtf8(Type(field));
        }
        return attribute;
    }

    private static (NestingMode, ImmutableArray<Field>)? Nested(Field field) => (field.Kind, field.Element?.Kind) switch
    {
        (Kind.Object, _) => (NestingMode.Single, field.Fields),
        (Kind.List, Kind.Object) => (NestingMode.List, field.Element!.Fields),
        (Kind.Map, Kind.Object) => (NestingMode.Map, field.Element!.Fields),
        _ => null,
    };

    private static string Type(Field field) => field.Kind switch
    {
        Kind.String => "\"string\"",
        Kind.Integer or Kind.Number => "\"number\"",
        Kind.Boolean => "\"bool\"",
        Kind.List => $"[\"list\",{Type(field.Element!)}]",
        Kind.Map => $"[\"map\",{Type(field.Element!)}]",
        _ => throw new ArgumentException($"\"{field.Name}\" holds records in a list or map within another, which Terraform has no nested attribute for."),
    };
}
