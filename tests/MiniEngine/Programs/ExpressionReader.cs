using System.Collections.Immutable;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>Reads the expressions of a program, and refuses functions that are not implemented here.</summary>
internal static class ExpressionReader
{
    private const string Prefix = "fn::";

    public static Expression Read(YamlTree tree)
    {
        if (tree.IsList)
            return new ListOf([.. tree.Items().Select(Read)]);
        if (!tree.IsMap)
            return tree.Scalar() is Text text ? Interpolation.Read(tree, text.Content) : new Literal(tree.Scalar());
        var entries = tree.Entries().ToList();
        if (!entries.Exists(entry => entry.Key.StartsWith(Prefix, StringComparison.Ordinal)))
            return ReadMap(tree);
        return entries is [var (name, argument)]
            ? ReadFunction(name, argument)
            : throw tree.Refuse("has a function beside other keys. A function stands alone.");
    }

    public static MapOf ReadMap(YamlTree? tree) =>
        new((tree?.Entries() ?? []).ToImmutableSortedDictionary(entry => entry.Key, entry => Read(entry.Value), StringComparer.Ordinal));

    /// <summary>A token in full: <c>package:Name</c> is short for <c>package:index:Name</c>.</summary>
    public static string Token(YamlTree tree, string text) => text.Split(':') switch
    {
        [_, _, _] => text,
        [var package, var name] => $"{package}:index:{name}",
        _ => throw tree.Refuse($"is \"{text}\", which is no token. Write package:module:name."),
    };

    private static Expression ReadFunction(string name, YamlTree argument) => name[Prefix.Length..] switch
    {
        "secret" => new Hidden(Read(argument)),
        "invoke" => ReadInvoke(argument),
        _ => throw argument.Refuse("is a function that MiniEngine does not have. It has fn::invoke and fn::secret."),
    };

    private static Invoke ReadInvoke(YamlTree tree)
    {
        foreach (var (key, value) in tree.Entries())
        {
            if (key is not ("function" or "arguments" or "return" or "options"))
                throw value.Refuse("is no part of fn::invoke. Its parts are function, arguments, return and options.");
        }
        var options = tree.Find("options");
        foreach (var (key, value) in options?.Entries() ?? [])
        {
            if (key is not ("provider" or "version"))
                throw value.Refuse("is an option that MiniEngine does not have here. It has provider and version.");
        }
        var function = tree.Find("function") ?? throw tree.Refuse("has no \"function\".");
        return new(
            Token(function, function.Text()),
            ReadMap(tree.Find("arguments")),
            tree.Find("return")?.Text(),
            options?.Find("provider") is { } provider ? Interpolation.ReadName(provider) : null,
            options?.Find("version")?.Text(),
            tree.Where);
    }
}
