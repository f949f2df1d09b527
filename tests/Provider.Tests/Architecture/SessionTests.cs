using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

/// <summary>A superuser's statements resolve no names that others have created.</summary>
public sealed partial class SessionTests
{
    /// <summary>Keywords that a parenthesis may follow; they are not functions.</summary>
    private static readonly string[] Grammar =
        ["and", "any", "array", "as", "case", "cast", "coalesce", "concurrently", "exists", "force", "from", "greatest", "in", "interval", "least", "lateral", "not", "nullif", "on", "or", "over", "row", "select", "set", "then", "union", "values", "when", "where", "with"];

    // The proof of a client's login needs a client's session.
    private static readonly string[] Openers = ["Engines/Local/Recovery/LoginProof.cs", "Postgres/Sessions/AdminSession.cs"];

    [Fact]
    public void Sessions_are_opened_in_one_place_and_by_the_proof_of_a_login() =>
        Assert.Equal(
            Openers,
            Sources.Files().Where(file => Sources.Lines(file).Any(line =>
                line.Contains("OpenConnectionAsync(", StringComparison.Ordinal) || line.Contains("new NpgsqlConnection(", StringComparison.Ordinal) || line.Contains("DataSourceBuilder(", StringComparison.Ordinal) || line.Contains("NpgsqlDataSource.Create(", StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Statements_are_made_in_one_place() =>
        Assert.Equal(["Postgres/Sessions/Statement.cs"], Sources.Files().Where(file => Sources.Lines(file).Any(line => line.Contains("new NpgsqlCommand(", StringComparison.Ordinal))));

    [Fact]
    public void Every_function_in_a_statement_is_named_by_its_schema()
    {
        var unqualified = from file in Sources.Files()
                          where !file.StartsWith("Schema/", StringComparison.Ordinal)
                          from text in Texts(string.Join('\n', Sources.Lines(file)))
                          where Begins().IsMatch(text)
                          from call in Call().Matches(text)
                          let name = call.Groups[1].Value
                          where !Grammar.Contains(name)
                          select $"{file}: {name}(";
        Assert.Empty(unqualified.Distinct());
    }

    private static IEnumerable<string> Texts(string source) =>
        RawText().Matches(source).Select(match => match.Groups[1].Value)
            .Concat(PlainText().Matches(RawText().Replace(source, "")).Select(match => match.Groups[1].Value));

    [GeneratedRegex("\"\"\"(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex("\"((?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex PlainText();

    /// <summary>SQL, not prose.</summary>
    [GeneratedRegex(@"^\s*(select|with|union|values|update|insert|delete|create|alter|drop|grant|revoke|comment|copy|set|reset|lock|do|call|execute|explain|begin|declare|perform|pg_\w+\(|case)\b.*", RegexOptions.Singleline)]
    private static partial Regex Begins();

    [GeneratedRegex(@"(?<![\w.:$""%])([a-z_]+[a-z_0-9]*)\s?\(")]
    private static partial Regex Call();
}
