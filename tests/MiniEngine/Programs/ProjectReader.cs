using System.Collections.Immutable;

namespace MiniEngine.Programs;

/// <summary>Reads Pulumi.yaml, and refuses what is not implemented here.</summary>
internal static class ProjectReader
{
    public static Project Read(string folder)
    {
        var file = Path.Combine(folder, "Pulumi.yaml");
        if (!File.Exists(file))
            throw new UserException($"\"{folder}\" has no Pulumi.yaml. Name the project's folder with --cwd.");
        var tree = YamlTree.Load(file);
        foreach (var (key, value) in tree.Entries())
            Accept(key, value);
        var name = tree.Find("name")?.Text() ?? throw tree.Refuse("has no \"name\".");
        var project = new Project(
            Path.GetFullPath(folder),
            name,
            Config(name, tree.Find("config")),
            ExpressionReader.ReadMap(tree.Find("variables")).Items,
            [.. (tree.Find("resources")?.Entries() ?? []).Select(entry => ResourceReader.Read(entry.Key, entry.Value))],
            ExpressionReader.ReadMap(tree.Find("outputs")).Items,
            Plugins(folder, tree.Find("plugins")));
        ProgramOrder.Verify(project, file);
        return project;
    }

    private static void Accept(string key, YamlTree value)
    {
        switch (key)
        {
            case "name" or "description" or "author" or "license" or "website" or "config" or "variables" or "resources" or "outputs" or "plugins":
                return;
            case "runtime" when (value.IsMap ? value.Find("name")?.Text() : value.Text()) is var runtime:
                if (runtime is not "yaml")
                    throw value.Refuse($"is \"{runtime}\": MiniEngine runs yaml programs alone.");
                return;
            default:
                throw value.Refuse("is a part of a project that MiniEngine does not have.");
        }
    }

    private static ImmutableSortedDictionary<string, ConfigDeclaration> Config(string project, YamlTree? tree) =>
        (tree?.Entries() ?? []).ToImmutableSortedDictionary(
            entry => StackConfig.FullName(project, entry.Key),
            entry => entry.Value.IsMap ? Config(entry.Value) : new("string", entry.Value.Literal(), false, entry.Value.Where));

    private static ConfigDeclaration Config(YamlTree tree)
    {
        foreach (var (key, value) in tree.Entries())
        {
            if (key is not ("type" or "default" or "value" or "secret" or "description"))
                throw value.Refuse("is a part of a configuration key that MiniEngine does not have. It has type, default, value, secret and description.");
        }
        var type = tree.Find("type")?.Text() ?? "string";
        if (type is not ("string" or "integer" or "number" or "boolean" or "array" or "object"))
            throw tree.Refuse($"is of the type \"{type}\". Write string, integer, number, boolean, array or object.");
        return new(type, (tree.Find("default") ?? tree.Find("value"))?.Literal(), tree.Find("secret")?.Flag() ?? false, tree.Where);
    }

    private static ImmutableArray<PluginDeclaration> Plugins(string folder, YamlTree? tree)
    {
        foreach (var (key, value) in tree?.Entries() ?? [])
        {
            if (key is not "providers")
                throw value.Refuse("is a kind of plugin that MiniEngine does not have. It has providers.");
        }
        return [.. (tree?.Find("providers")?.Items() ?? []).Select(plugin => new PluginDeclaration(
            plugin.Find("name")?.Text() ?? throw plugin.Refuse("has no \"name\"."),
            Path.GetFullPath(Path.Combine(folder, plugin.Find("path")?.Text() ?? throw plugin.Refuse("has no \"path\"."))),
            plugin.Find("version")?.Text()))];
    }
}
