using System.Text.RegularExpressions;

namespace PgFleet.Resources.Database;

/// <summary>Tells the user how to import an existing database: a create never adopts one.</summary>
internal static partial class Import
{
    public static string Of(DatabaseArgs args) =>
        $"If it is the one meant, run: pulumi import pgfleet:index:Database {Quoted(args.Name)} {Quoted($"{args.Instance}/{args.Name}")}. Otherwise choose another name.";

    private static string Quoted(string word) =>
        Plain().IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[\w./-]+\z")]
    private static partial Regex Plain();
}
