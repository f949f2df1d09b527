using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

public sealed partial class RequirementsTests
{
    [Fact]
    public void Every_requirement_has_a_test_and_no_test_is_of_another()
    {
        var listed = Listed().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "requirements.md"))).Select(row => row.Groups[1].Value).ToList();
        var tested = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Tested().Matches(File.ReadAllText(file))).Select(trait => trait.Groups[1].Value).ToHashSet();
        Assert.Equal(32, listed.Count);
        Assert.Equal(listed.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (R\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex("""Trait\("Requirement", "(\w+)"\)""")]
    private static partial Regex Tested();
}
