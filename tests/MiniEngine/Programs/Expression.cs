using System.Collections.Immutable;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>An expression for a value in a program.</summary>
internal abstract record Expression
{
    /// <summary>The names that the value depends on.</summary>
    public virtual IEnumerable<string> Names => [];
}

internal sealed record Literal(Value Value) : Expression;

internal sealed record ListOf(ImmutableArray<Expression> Items) : Expression
{
    public override IEnumerable<string> Names => Items.SelectMany(item => item.Names);
}

internal sealed record MapOf(ImmutableSortedDictionary<string, Expression> Items) : Expression
{
    public override IEnumerable<string> Names => Items.Values.SelectMany(item => item.Names);
}

/// <summary>Text with embedded values.</summary>
internal sealed record Template(ImmutableArray<Expression> Parts, string Where) : Expression
{
    public override IEnumerable<string> Names => Parts.SelectMany(part => part.Names);
}

/// <summary><c>${name.path}</c></summary>
internal sealed record Access(string Name, PropertyPath Path, string Where) : Expression
{
    public override IEnumerable<string> Names => [Name];
}

/// <summary>fn::secret</summary>
internal sealed record Hidden(Expression Inner) : Expression
{
    public override IEnumerable<string> Names => Inner.Names;
}

/// <summary>fn::invoke</summary>
/// <param name="Return">The one property of the result to return; null: all of it.</param>
/// <param name="Provider">The name of an explicit provider; null: the default one.</param>
internal sealed record Invoke(string Function, Expression Arguments, string? Return, string? Provider, string? Version, string Where) : Expression
{
    public override IEnumerable<string> Names => Provider is null ? Arguments.Names : Arguments.Names.Append(Provider);
}
