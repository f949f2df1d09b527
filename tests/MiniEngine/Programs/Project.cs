using System.Collections.Immutable;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>A Pulumi YAML program.</summary>
/// <param name="Folder">The folder of Pulumi.yaml.</param>
/// <param name="Config">The configuration by full name, as in <c>project:key</c>.</param>
internal sealed record Project(
    string Folder,
    string Name,
    ImmutableSortedDictionary<string, ConfigDeclaration> Config,
    ImmutableSortedDictionary<string, Expression> Variables,
    ImmutableArray<ResourceDeclaration> Resources,
    ImmutableSortedDictionary<string, Expression> Outputs,
    ImmutableArray<PluginDeclaration> Plugins);

/// <param name="Default">The default; null: the stack must set a value.</param>
internal sealed record ConfigDeclaration(string Type, Value? Default, bool Secret, string Where);

/// <summary>The location of a provider's program (protocol 1.1).</summary>
internal sealed record PluginDeclaration(string Name, string Folder, string? Version);
