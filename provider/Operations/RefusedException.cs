using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Operations;

/// <summary>The operation was refused before it began; the problems give the reasons.</summary>
internal sealed class RefusedException(ImmutableArray<Problem> problems)
    : Exception(string.Join('\n', problems.Select(Line)))
{
    public ImmutableArray<Problem> Problems => problems;

    public static string Line(Problem problem) => problem.Path.Length == 0 ? problem.Reason : $"{problem.Path}: {problem.Reason}";
}
