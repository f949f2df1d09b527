using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

/// <summary>Root runs only programs that the machine's owner has installed.</summary>
public sealed partial class ProgramTests
{
    [Fact]
    public void Every_program_is_started_by_its_full_path() =>
        Assert.Empty(
            from file in Sources.Files()
            from line in Sources.Lines(file)
            where Bare().IsMatch(line)
            select $"{file}: {line.Trim()}");

    [GeneratedRegex("""(Cli\.Wrap|ProcessStartInfo|Process\.Start)\("(?!/)""")]
    private static partial Regex Bare();
}
