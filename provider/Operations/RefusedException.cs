using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Operations;

/// <summary>The operation was refused before it began; the problems give the reasons.</summary>
internal sealed class RefusedException(ImmutableArray<Problem> problems) : Exception
{
    public ImmutableArray<Problem> Problems => problems;

    public Message Text { get; } = Failures.Message.Join("\n", problems.Select(Line));

    /// <summary>The message for the log; users see <see cref="Text"/>.</summary>
    public override string Message => Text.ToString();

    public static Message Line(Problem problem) => problem.Path.Length == 0 ? problem.Reason : $"{Term.Property(problem.Path)}: {problem.Reason}";
}
