using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Resolves the names in a program's values.</summary>
internal sealed class References(Run run)
{
    private readonly ImmutableDictionary<string, Urn> resources =
        run.Project.Resources.ToImmutableDictionary(resource => resource.Key, resource => run.Urn(resource.Type, resource.Name));

    /// <summary><c>${pulumi.…}</c></summary>
    public Map BuiltIn { get; } = Map.Of(
        ("cwd", new Text(run.Project.Folder)),
        ("project", new Text(run.Project.Name)),
        ("stack", new Text(run.Options.Stack)),
        ("organization", new Text("organization")));

    /// <summary>The resources behind names, through variables too.</summary>
    public ImmutableArray<Urn> To(IEnumerable<string> names) => [.. names.SelectMany(To).Distinct()];

    /// <summary>The id, the URN or an output of a resource; the resource itself where nothing more is named.</summary>
    public static Value Find(Access access, Registered resource)
    {
        if (access.Path.Steps is not [var first, .. var rest])
            return new Reference(resource.Urn, resource.Id);
        Value? value = first switch
        {
            "id" => resource.Id is { } id ? new Text(id) : Unknown.Instance,
            "urn" => new Text(resource.Urn.ToString()),
            _ => resource.Outputs[first] ?? (resource.Complete ? null : Unknown.Instance),
        };
        return new PropertyPath(rest).Find(value)
            ?? throw new UserException($"{access.Where}: no output \"{access.Path}\" on resource \"{access.Name}\".");
    }

    private IEnumerable<Urn> To(string name) =>
        resources.TryGetValue(name, out var urn) ? [urn]
        : run.Project.Variables.TryGetValue(name, out var variable) ? variable.Names.SelectMany(To)
        : [];
}
