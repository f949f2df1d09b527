using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using MiniEngine.State;

namespace MiniEngine.Programs;

/// <summary>Reads a resource of a program, and refuses options that are not implemented here.</summary>
internal static partial class ResourceReader
{
    public static ResourceDeclaration Read(string key, YamlTree tree)
    {
        foreach (var (part, value) in tree.Entries())
        {
            if (part is not ("type" or "name" or "properties" or "options" or "get"))
                throw value.Refuse("is a part of a resource that MiniEngine does not have. It has type, name, properties, options and get.");
        }
        var type = tree.Find("type") ?? throw tree.Refuse("has no \"type\".");
        if (tree.Find("get") is not null && tree.Find("properties") is not null)
            throw tree.Refuse("has both \"get\" and \"properties\". A resource that is only read has no properties.");
        return new(
            key,
            Type(type),
            tree.Find("name")?.Text() ?? key,
            ExpressionReader.ReadMap(tree.Find("properties") ?? tree.Find("get")?.Find("state")),
            tree.Find("options") is { } options ? Options(options) : new(),
            tree.Find("get") is { } get ? ExpressionReader.Read(get.Find("id") ?? throw get.Refuse("has no \"id\".")) : null,
            tree.Where);
    }

    private static string Type(YamlTree tree) => tree.Text() switch
    {
        "pulumi:pulumi:StackReference" => throw tree.Refuse("is a stack reference, which MiniEngine does not have."),
        var text when text.StartsWith("pulumi:", StringComparison.Ordinal) && !text.StartsWith("pulumi:providers:", StringComparison.Ordinal) =>
            throw tree.Refuse($"is \"{text}\": of Pulumi's own types MiniEngine has providers alone."),
        var text => ExpressionReader.Token(tree, text),
    };

    private static ResourceOptions Options(YamlTree tree) => tree.Entries().Aggregate(new ResourceOptions(), (options, entry) => entry switch
    {
        ("dependsOn", var value) => options with { DependsOn = [.. (value.IsList ? value.Items() : [value]).Select(Interpolation.ReadName)] },
        ("deleteBeforeReplace", var value) => options with { DeleteBeforeReplace = value.Flag() },
        ("protect", var value) => options with { Protect = value.Flag() },
        ("customTimeouts", var value) => options with { Timeouts = Timeouts(value) },
        ("ignoreChanges", var value) => options with { IgnoreChanges = Texts(value) },
        ("import", var value) => options with { Import = value.Text() },
        ("retainOnDelete", var value) => options with { RetainOnDelete = value.Flag() },
        ("replaceOnChanges", var value) => options with { ReplaceOnChanges = Texts(value) },
        ("additionalSecretOutputs", var value) => options with { AdditionalSecretOutputs = Texts(value) },
        ("provider", var value) => options with { Provider = Interpolation.ReadName(value) },
        ("version", var value) => options with { Version = value.Text() },
        ("pluginDownloadURL", var value) => options with { PluginDownloadUrl = value.Text() },
        ("replaceWith", var value) => options with { ReplaceWith = [.. value.Items().Select(Interpolation.ReadName)] },
        ("deletedWith", var value) => options with { DeletedWith = Interpolation.ReadName(value) },
        var (_, value) => throw value.Refuse("is an option that MiniEngine does not have."),
    });

    private static CustomTimeouts Timeouts(YamlTree tree) => tree.Entries().Aggregate(new CustomTimeouts(), (timeouts, entry) => entry switch
    {
        ("create", var value) => timeouts with { Create = Seconds(value) },
        ("update", var value) => timeouts with { Update = Seconds(value) },
        ("delete", var value) => timeouts with { Delete = Seconds(value) },
        ("read", var value) => timeouts with { Read = Seconds(value) },
        var (_, value) => throw value.Refuse("is no timeout. The timeouts are create, update, delete and read."),
    });

    private static ImmutableArray<string> Texts(YamlTree tree) => [.. tree.Items().Select(item => item.Text())];

    private static double Seconds(YamlTree tree)
    {
        var match = Duration().Match(tree.Text());
        if (!match.Success)
            throw tree.Refuse($"is \"{tree.Text()}\". Write a duration such as 90s, 5m or 1h30m.");
        return Part(match, "h") * 3600 + Part(match, "m") * 60 + Part(match, "s") + Part(match, "ms") / 1000;
    }

    private static double Part(Match match, string unit) =>
        match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=.)((?<h>[\d.]+)h)?((?<m>[\d.]+)m(?!s))?((?<s>[\d.]+)s)?((?<ms>[\d.]+)ms)?$")]
    private static partial Regex Duration();
}
