using System.Globalization;
using System.Text.RegularExpressions;
using MiniEngine.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniEngine.Programs;

/// <summary>A node of a YAML file with its position.</summary>
internal sealed partial record YamlTree(YamlNode Node, string File, string Path)
{
    public static YamlTree Load(string file)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = System.IO.File.OpenText(file);
            stream.Load(reader);
        }
        catch (YamlException error)
        {
            throw new UserException($"{file}:{error.Start.Line}:{error.Start.Column}: {error.Message}");
        }
        return new(stream.Documents is [var document, ..] ? document.RootNode : new YamlMappingNode(), file, "");
    }

    public string Where => $"{File}:{Node.Start.Line}:{Node.Start.Column}: {Path}";

    public UserException Refuse(string reason) => new($"{Where} {reason}");

    public bool IsMap => Node is YamlMappingNode;

    public bool IsList => Node is YamlSequenceNode;

    public IEnumerable<(string Key, YamlTree Value)> Entries() => Node switch
    {
        YamlMappingNode map => map.Children.Select(child => (Name(child.Key), At(child.Value, Name(child.Key)))),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or null } => [],
        _ => throw Refuse("is no map."),
    };

    public IEnumerable<YamlTree> Items() => Node is YamlSequenceNode list
        ? list.Children.Select((child, index) => new YamlTree(child, File, $"{Path}[{index}]"))
        : throw Refuse("is no list.");

    public YamlTree? Find(string key) => Entries().FirstOrDefault(entry => entry.Key == key).Value;

    public string Text() => Node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Refuse("is no text.");

    public bool Flag() => Scalar() is Flag flag ? flag.On : throw Refuse("is neither true nor false.");

    /// <summary>A scalar by the rules of YAML 1.2's core schema.</summary>
    public Value Scalar()
    {
        var text = Text();
        if (((YamlScalarNode)Node).Style is not ScalarStyle.Plain)
            return new Text(text);
        return text switch
        {
            "" or "~" or "null" => Null.Instance,
            "true" => new Flag(true),
            "false" => new Flag(false),
            _ => Numeral().IsMatch(text) ? new Number(double.Parse(text, CultureInfo.InvariantCulture)) : new Text(text),
        };
    }

    /// <summary>The node as a value, without evaluation.</summary>
    public Value Literal() =>
        IsMap ? Map.Of(Entries().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Literal())))
        : IsList ? new List([.. Items().Select(item => item.Literal())])
        : Scalar();

    private YamlTree At(YamlNode child, string key) => new(child, File, Path.Length == 0 ? key : $"{Path}.{key}");

    private static string Name(YamlNode key) => ((YamlScalarNode)key).Value ?? "";

    [GeneratedRegex(@"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")]
    private static partial Regex Numeral();
}
