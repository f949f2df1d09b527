using YamlDotNet.RepresentationModel;

namespace MiniEngine.Programs;

internal static class YamlText
{
    public static string Of(YamlNode root)
    {
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('.', '\n') + "\n";
    }
}
