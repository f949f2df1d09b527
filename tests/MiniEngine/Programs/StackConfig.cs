using System.Collections.Immutable;
using System.Globalization;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>The configuration of one stack: Pulumi.STACK.yaml over the defaults of Pulumi.yaml.</summary>
/// <param name="Values">The values by full name, each a text, secret or not.</param>
internal sealed record StackConfig(Project Project, string File, ImmutableSortedDictionary<string, Value> Values)
{
    public static StackConfig Load(Project project, string stack, Vault vault)
    {
        var file = Path.Combine(project.Folder, $"Pulumi.{stack}.yaml");
        var tree = System.IO.File.Exists(file) ? YamlTree.Load(file) : null;
        var given = (tree?.Find("config")?.Entries() ?? [])
            .ToImmutableSortedDictionary(entry => FullName(project.Name, entry.Key), entry => Read(entry.Value, vault));
        return new(project, file, given);
    }

    /// <summary>The value of a name in the program.</summary>
    public Value Get(string name)
    {
        var full = FullName(Project.Name, name);
        var declaration = Project.Config[full];
        var value = Values.TryGetValue(full, out var given)
            ? Typed(full, declaration.Type, given)
            : declaration.Default ?? throw new UserException($"{declaration.Where} has no value. Set it with: minien config set {StackConfig.ShortName(full)} VALUE");
        return value.AsSecret(declaration.Secret);
    }

    /// <summary>The configuration of a package's default provider: every value is text (protocol 4.1).</summary>
    public Map OfPackage(string package)
    {
        var defaults = Project.Config.Where(item => item.Value.Default is not null)
            .Select(item => KeyValuePair.Create(item.Key, AsText(item.Value.Default!).AsSecret(item.Value.Secret)));
        return Map.Of(Values.Concat(defaults).DistinctBy(item => item.Key)
            .Where(item => item.Key.StartsWith(package + ":", StringComparison.Ordinal))
            .Select(item => KeyValuePair.Create(ShortName(item.Key), item.Value)));
    }

    public static string FullName(string project, string name) => name.Contains(':') ? name : $"{project}:{name}";

    public static string ShortName(string fullName) => fullName[(fullName.IndexOf(':') + 1)..];

    /// <summary>Converts a value to text; what is not text becomes JSON (protocol 4.1).</summary>
    public static Text AsText(Value value) => value as Text ?? new Text(Json.Reveal(value)?.ToJsonString(Json.Readable) ?? "");

    private static Value Read(YamlTree tree, Vault vault) =>
        tree.IsMap && tree.Find("secure") is { } secure ? new Text(vault.Decrypt(secure.Text())).AsSecret()
        : tree.IsMap || tree.IsList ? AsText(tree.Literal())
        : new Text(tree.Text());

    private static Value Typed(string name, string type, Value given)
    {
        var text = ((Text)given.Bare).Content;
        Value? typed = type switch
        {
            "string" => new Text(text),
            "boolean" => bool.TryParse(text, out var flag) ? new Flag(flag) : null,
            "integer" => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? new Number(number) : null,
            "number" => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? new Number(number) : null,
            _ => Json.Parse(text),
        };
        return (typed ?? throw new UserException($"The configuration key \"{name}\" is not of its type, {type}.")).AsSecret(given is Secret);
    }
}
