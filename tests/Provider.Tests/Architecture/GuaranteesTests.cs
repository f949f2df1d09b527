using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

public sealed partial class GuaranteesTests
{
    [Fact]
    public void Every_promise_names_tests_that_exist()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var promises = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "guarantees.md")).Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(promises);
        Assert.All(promises, promise =>
        {
            var names = Name().Matches(promise).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains($" {name}(", tests, StringComparison.Ordinal));
        });
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9_]+)`")]
    private static partial Regex Name();
}
