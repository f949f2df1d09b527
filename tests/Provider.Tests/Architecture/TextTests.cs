using System.Text.RegularExpressions;
using Mono.Cecil;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Tests.Architecture;

/// <summary>Texts keep their terms until a front end renders them, and every term is declared.</summary>
public sealed partial class TextTests
{
    /// <summary>Pulumi's option, which is depends_on in Terraform.</summary>
    private const string DependsOn = "dependsOn";

    private static readonly ProviderDefinition Fleet = Program.Compose(FleetConfig.At("/nowhere"));

    private static readonly HashSet<string> Resources = [.. Fleet.Resources.Select(resource => resource.Name)];

    private static readonly HashSet<string> Functions = [.. Fleet.Functions.Select(function => function.Name)];

    private static readonly ResourceSchema[] Shapes = [.. Fleet.Resources.Select(resource => resource.Shape), .. Fleet.Functions.Select(function => function.Shape), FleetConfig.Shape];

    private static readonly HashSet<string> Properties =
        [.. Shapes.SelectMany(shape => Paths("", shape.Fields)), "id"];

    private static readonly List<Message> Prose =
    [
        .. Fleet.Resources.Select(resource => resource.Described.Prose),
        .. Fleet.Functions.Select(function => function.Described.Prose),
        .. Shapes.SelectMany(shape => All(shape.Fields)).Select(field => field.Description),
    ];

    [Fact]
    public void Every_term_of_a_description_is_declared()
    {
        var terms = Prose.SelectMany(prose => prose.Parts).ToList();
        Assert.Contains(terms, part => part.Kind == PartKind.Function);
        Assert.Empty(terms.Where(part => part.Kind is PartKind.Resource or PartKind.Import).Select(part => part.Text).Except(Resources));
        Assert.Empty(terms.Where(part => part.Kind == PartKind.Function).Select(part => part.Text).Except(Functions));
        // A name in lower case may be a value.
        Assert.Empty(terms.Where(part => part.Kind == PartKind.Property && part.Text.Any(char.IsUpper)).Select(part => part.Text).Except(Properties).Except([DependsOn]));
    }

    [Fact]
    public void No_description_names_what_is_declared_outside_of_backticks()
    {
        HashSet<string> names = [.. Properties.SelectMany(path => path.Split('.')).Where(name => name.Any(char.IsUpper)), .. Resources, .. Functions];
        Assert.DoesNotContain(Prose.SelectMany(prose => Word().Matches(Code().Replace(prose.ToString(), "")).Select(word => word.Value)), names.Contains);
    }

    [Fact]
    public void Every_term_in_the_sources_is_declared()
    {
        var terms = Sources.Files().SelectMany(file => Named().Matches(string.Join('\n', Sources.Lines(file)))).Select(term => (Kind: term.Groups[1].Value, Name: term.Groups[2].Value)).ToList();
        Assert.All(terms, term => Assert.Contains(term.Name, term.Kind switch { "Property" => Properties, "Function" => Functions, _ => Resources }));
        Assert.Contains(terms, term => term == ("Property", "restoreTime"));
    }

    /// <summary>The compiler rejects terms in strings, but not messages, which would lose their terms.</summary>
    [Fact]
    public void No_message_is_interpolated_into_a_string()
    {
        using var program = ModuleDefinition.ReadModule(typeof(Message).Assembly.Location);
        var calls = from type in program.GetTypes()
                    from method in type.Methods
                    where method.HasBody
                    from instruction in method.Body.Instructions
                    select (Where: method.FullName, Called: instruction.Operand as GenericInstanceMethod) into call
                    where call.Called?.DeclaringType.Name is "DefaultInterpolatedStringHandler" or "StringBuilder" or "AppendInterpolatedStringHandler"
                    select call;
        Assert.Contains(calls, call => Is(call.Called!, "Int32"));
        Assert.DoesNotContain(calls, call => Is(call.Called!, nameof(Message)) || Is(call.Called!, nameof(Problem)));

        static bool Is(GenericInstanceMethod method, string type) => method.GenericArguments.Any(argument => argument.Name == type);
    }

    private static IEnumerable<Field> All(IEnumerable<Field> fields) =>
        fields.SelectMany(field => All([.. field.Fields, .. field.Element?.Fields ?? []]).Prepend(field));

    /// <summary>The names of fields and of their nested fields, each by itself and as a path.</summary>
    private static IEnumerable<string> Paths(string parent, IEnumerable<Field> fields) =>
        fields.SelectMany(field => Paths($"{parent}{field.Name}.", field.Fields).Concat(Paths("", field.Element?.Fields ?? [])).Prepend($"{parent}{field.Name}"));

    [GeneratedRegex("```.*?```|^    .*$|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("""Term\.(Property|Resource|Function|Import)\("([^"]+)"[,)]""")]
    private static partial Regex Named();
}
