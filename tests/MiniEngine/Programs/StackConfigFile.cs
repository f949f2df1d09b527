using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniEngine.Programs;

/// <summary>Writes Pulumi.STACK.yaml; comments in it are lost.</summary>
internal static class StackConfigFile
{
    /// <param name="value">The value; encrypted if it is secret.</param>
    public static void Set(string file, string key, string value, bool secret)
    {
        var root = File.Exists(file) && YamlTree.Load(file).Node is YamlMappingNode map ? map : [];
        if (!root.Children.TryGetValue("config", out var config) || config is not YamlMappingNode entries)
            root.Children["config"] = entries = [];
        var text = new YamlScalarNode(value) { Style = ScalarStyle.DoubleQuoted };
        entries.Children[key] = secret ? new YamlMappingNode { { "secure", text } } : text;
        File.WriteAllText(file + ".new", YamlText.Of(root));
        File.Move(file + ".new", file, overwrite: true);
    }
}
