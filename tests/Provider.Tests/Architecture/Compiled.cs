using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using PgFleet.Schema;

namespace PgFleet.Tests.Architecture;

/// <summary>The dependencies of the compiled program, type by type: qualified names and nested namespaces need no using line.</summary>
internal static class Compiled
{
    private const string Root = "PgFleet.";

    private static readonly Lazy<IReadOnlyList<Use>> All = new(Read);

    public static IReadOnlyList<Use> Uses => All.Value;

    private static IReadOnlyList<Use> Read() =>
    [
        .. new ArchLoader().LoadAssembly(typeof(ResourceSchema).Assembly).Build().Types
            .SelectMany(type => type.Dependencies)
            .Where(use => IsOurs(use.Origin) && IsOurs(use.Target))
            .Select(use => new Use(Folder(use.Origin), use.Origin.Name, Folder(use.Target), use.Target.Name))
            .Where(use => use.From != use.To)
            .Distinct(),
    ];

    /// <remarks>A type parameter has no namespace, or one that is not its own.</remarks>
    private static bool IsOurs(IType type) => type is not GenericParameter && type.Namespace?.FullName.StartsWith(Root, StringComparison.Ordinal) == true;

    private static string Folder(IType type) => type.Namespace.FullName[Root.Length..];
}

/// <summary>A type's use of a type in another folder.</summary>
internal sealed record Use(string From, string User, string To, string Used)
{
    public override string ToString() => $"{From}.{User} uses {To}.{Used}";
}
