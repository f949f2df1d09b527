using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

public sealed partial class GuaranteesTests
{
    [Fact]
    public void Every_promise_names_tests_that_run()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).SelectMany(file => TestsOf(File.ReadAllText(file))).ToHashSet();
        var promises = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "guarantees.md")).Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(promises);
        Assert.All(promises, promise =>
        {
            var names = Name().Matches(promise).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(names);
            Assert.Empty(names.Except(tests));
        });
    }

    [Fact]
    public void A_test_that_is_skipped_or_in_a_comment_does_not_run()
    {
        const string Source = """
                [Fact]
                [Trait("Kind", "quick")]
                public async Task It_runs()
                [Theory]
                [InlineData("{}")]
                public void So_does_this(string text)
                [Fact(Skip = "for now")]
                public void It_is_skipped()
                // [Fact]
                // public void It_is_in_a_comment()
                public void It_has_no_attribute()
            """;
        Assert.Equal(["It_runs", "So_does_this"], TestsOf(Source));
    }

    private static IEnumerable<string> TestsOf(string source) =>
        Test().Matches(Comment().Replace(source, "")).Where(test => !test.Groups[1].Value.Contains("Skip =", StringComparison.Ordinal)).Select(test => test.Groups[2].Value);

    [GeneratedRegex("`([A-Z][A-Za-z0-9_]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("^ *//.*\n?", RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>The attribute, possibly other attributes, and the method.</summary>
    [GeneratedRegex(@"\[\w*(?:Fact|Theory)\b([^\n]*)\n(?: *\[[^\n]*\n)* *public (?:virtual |override )?(?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Test();
}
