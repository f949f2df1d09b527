using System.Collections.Immutable;
using MiniEngine.State;

namespace MiniEngine.Programs;

/// <summary>A resource as the program declares it.</summary>
/// <param name="Key">The name in the program.</param>
/// <param name="Name">The name in its URN: the key, unless the program says otherwise.</param>
/// <param name="Get">Reads the resource with this id instead of managing it.</param>
internal sealed record ResourceDeclaration(string Key, string Type, string Name, MapOf Properties, ResourceOptions Options, Expression? Get, string Where)
{
    private const string ProviderPrefix = "pulumi:providers:";

    /// <summary>The package that an explicit provider configures; null for any other resource.</summary>
    public string? ProviderOf => Type.StartsWith(ProviderPrefix, StringComparison.Ordinal) ? Type[ProviderPrefix.Length..] : null;

    public string Package => Type.Split(':')[0];

    public IEnumerable<string> Names =>
        [.. Properties.Names, .. Get?.Names ?? [], .. Options.DependsOn, .. Options.ReplaceWith, .. Options.DeletedWith is { } with ? (string[])[with] : [], .. Options.Provider is { } provider ? (string[])[provider] : []];
}

/// <param name="DeleteBeforeReplace">Null: as the provider says.</param>
/// <param name="Provider">The name of an explicit provider; null: the default one.</param>
internal sealed record ResourceOptions
{
    public ImmutableArray<string> DependsOn { get; init; } = [];
    public bool? DeleteBeforeReplace { get; init; }
    public bool Protect { get; init; }
    public CustomTimeouts Timeouts { get; init; } = new();
    public ImmutableArray<string> IgnoreChanges { get; init; } = [];
    public string? Import { get; init; }
    public bool RetainOnDelete { get; init; }
    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];
    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];
    public string? Provider { get; init; }
    public string? Version { get; init; }
    public string? PluginDownloadUrl { get; init; }
    /// <summary>The names of resources that this one is replaced with.</summary>
    public ImmutableArray<string> ReplaceWith { get; init; } = [];
    /// <summary>The name of the resource whose deletion also deletes this one, without a call.</summary>
    public string? DeletedWith { get; init; }
}
