using MiniEngine.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniEngine.Programs;

/// <summary>Program text for an imported resource. Secrets are replaced by "[secret]", to be filled in by hand.</summary>
internal static class ImportedProgram
{
    public static string Write(Urn urn, Map inputs, bool protect)
    {
        var resource = new YamlMappingNode { { "type", urn.Type }, { "properties", Node(inputs) } };
        if (protect)
            resource.Add("options", new YamlMappingNode { { "protect", "true" } });
        return YamlText.Of(new YamlMappingNode { { "resources", new YamlMappingNode { { urn.Name, resource } } } });
    }

    private static YamlNode Node(Value value) => value switch
    {
        Map map => new YamlMappingNode(map.Items.Select(item => KeyValuePair.Create<YamlNode, YamlNode>(item.Key, Node(item.Value)))),
        List list => new YamlSequenceNode(list.Items.Select(Node)),
        Secret => new YamlMappingNode { { "fn::secret", "[secret]" } },
        Text text => new YamlScalarNode(text.Content.Replace("${", "$${", StringComparison.Ordinal)) { Style = ScalarStyle.DoubleQuoted },
        _ => new YamlScalarNode(Json.Show(value)),
    };
}
