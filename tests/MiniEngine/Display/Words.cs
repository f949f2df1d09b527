using MiniEngine.Values;

namespace MiniEngine.Display;

/// <summary>Pulumi's signs and words for steps.</summary>
internal static class Words
{
    public static string Sign(Op op) => op switch
    {
        Op.Create => "+",
        Op.Update => "~",
        Op.Delete => "-",
        Op.CreateReplacement => "+-",
        Op.DeleteReplaced => "--",
        Op.Read => ">",
        Op.Import => "=",
        _ => "",
    };

    public static string Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Add => "+",
        ChangeKind.Delete => "-",
        _ => "~",
    };

    public static string Verb(Op op) => op switch
    {
        Op.CreateReplacement => "replace",
        Op.DeleteReplaced => "delete the replaced",
        _ => op.ToString().ToLowerInvariant(),
    };

    public static string Doing(Op op) => op switch
    {
        Op.Create or Op.CreateReplacement => "creating",
        Op.Update => "updating",
        Op.Delete or Op.DeleteReplaced => "deleting",
        Op.Import => "importing",
        _ => "reading",
    };
}
