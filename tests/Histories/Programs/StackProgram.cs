using System.Collections.Immutable;

namespace PgFleet.Histories.Programs;

/// <summary>A Pulumi YAML program.</summary>
internal sealed record StackProgram(ImmutableArray<Declared> Resources)
{
    /// <summary>The prefix of its resources' URNs.</summary>
    public const string Stack = "urn:pulumi:dev::shop::";

    public static StackProgram Empty { get; } = new([]);

    /// <summary>The most common program: a server and its databases.</summary>
    public static StackProgram Usual(int databases) => new(
    [
        new(Kind.Instance, "i1") { Name = "main" },
        .. Enumerable.Range(0, databases).Select(index => new Declared(Kind.Database, $"d{index + 1}") { Name = Names.Databases[index], On = Reference("i1") }),
    ]);

    public string Text => string.Join('\n', ["name: shop", "runtime: yaml", Resources.IsEmpty ? "resources: {}" : "resources:", .. Resources.SelectMany(resource => resource.Lines)]) + "\n";

    /// <summary>True if no resource refers by a literal name to one that the program itself declares, because the engine would not know the order.</summary>
    public bool IsOrdered => Resources.All(resource => resource.On is not { } on || on[0] == '$' || Resources.All(other => other.Kind is Kind.Database || other.Name != on));

    public static string Reference(string key) => $"${{{key}.id}}";

    public IEnumerable<Declared> Of(params Kind[] kinds) => Resources.Where(resource => kinds.Contains(resource.Kind));

    public StackProgram With(Declared old, Declared changed) => this with { Resources = Resources.Replace(old, changed) };

    /// <summary>Renames a resource and all references to it.</summary>
    public StackProgram Renamed(string key, string to) => this with { Resources = [.. Resources.Select(resource => Following(resource with { Key = resource.Key == key ? to : resource.Key }, key, to))] };

    private static Declared Following(Declared resource, string key, string to) => resource with
    {
        On = resource.On == Reference(key) ? Reference(to) : resource.On,
        DependsOn = resource.DependsOn == key ? to : resource.DependsOn,
        DeletedWith = resource.DeletedWith == key ? to : resource.DeletedWith,
    };
}

/// <summary>A few names, so that they collide.</summary>
internal static class Names
{
    /// <summary>The last two belong to others.</summary>
    public static readonly ImmutableArray<string> Servers = ["main", "side", "third", "theirs", "byhand"];

    public static readonly ImmutableArray<string> Databases = ["shop", "blog", "news"];

    public static readonly ImmutableArray<string> Keys = ["i1", "i2", "r1", "d1", "d2", "d3", "x1", "x2", "x3"];
}
