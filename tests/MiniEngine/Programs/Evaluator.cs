using System.Collections.Immutable;
using System.Globalization;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>Resolves a program's names while it runs.</summary>
internal interface IScope
{
    Task<Value> FindAsync(Access access);

    Task<Value> InvokeAsync(Invoke invoke, Map arguments);
}

/// <summary>Evaluates expressions; a value that depends on a secret is secret, and one that depends on an unknown is unknown.</summary>
internal sealed class Evaluator(IScope scope)
{
    public async Task<Value> EvaluateAsync(Expression expression) => expression switch
    {
        Literal literal => literal.Value,
        ListOf list => new List([.. await Task.WhenAll(list.Items.Select(EvaluateAsync))]),
        MapOf map => await EvaluateMapAsync(map),
        Template template => Join(template, [.. await Task.WhenAll(template.Parts.Select(EvaluateAsync))]),
        Access access => await scope.FindAsync(access),
        Hidden hidden => (await EvaluateAsync(hidden.Inner)).AsSecret(),
        Invoke invoke => await InvokeAsync(invoke),
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    public async Task<Map> EvaluateMapAsync(MapOf map)
    {
        var items = await Task.WhenAll(map.Items.Select(async item => KeyValuePair.Create(item.Key, await EvaluateAsync(item.Value))));
        return Map.Of(items);
    }

    private async Task<Value> InvokeAsync(Invoke invoke)
    {
        if (await EvaluateAsync(invoke.Arguments) is not Map arguments)
            throw new UserException($"{invoke.Where} takes a map of arguments.");
        // protocol 2.4: a function is not called with an unknown argument
        var answer = arguments.IsKnown ? await scope.InvokeAsync(invoke, arguments) : Unknown.Instance;
        var wanted = invoke.Return is { } name
            ? PropertyPath.Child(answer, name) ?? throw new UserException($"{invoke.Where} returns nothing called \"{name}\".")
            : answer;
        return wanted.AsSecret(arguments.HasSecret);
    }

    private static Value Join(Template template, ImmutableArray<Value> parts)
    {
        Value value = parts.All(part => part.IsKnown) ? new Text(string.Concat(parts.Select(Shown))) : Unknown.Instance;
        return value.AsSecret(parts.Any(part => part.HasSecret));

        string Shown(Value part) => part.Bare switch
        {
            Text text => text.Content,
            Number number => number.Amount.ToString(CultureInfo.InvariantCulture),
            Flag flag => flag.On ? "true" : "false",
            _ => throw new UserException($"{template.Where} puts into text what is neither text, number nor boolean. Name one property of it."),
        };
    }
}
