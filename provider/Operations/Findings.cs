using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Operations;

/// <summary>The results of planning a resource for the user: refusals, warnings, and data that would be lost.</summary>
internal sealed class Findings
{
    private readonly List<Problem> problems = [];
    private readonly List<Message> losses = [];

    /// <summary>Refusals and warnings, in the order in which they were found.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    public IEnumerable<Problem> Refusals => problems.Where(problem => problem.Refuses);

    public IEnumerable<Problem> Warnings => problems.Where(problem => !problem.Refuses);

    /// <summary>At least one sentence for each resource that is destroyed.</summary>
    public IReadOnlyList<Message> Losses => losses;

    public bool Refuses => problems.Exists(problem => problem.Refuses);

    /// <summary>Adds a problem; null adds nothing.</summary>
    public void Add(Problem? problem)
    {
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }

    public void Add(ImmutableArray<Problem> found) => problems.AddRange(found);

    /// <summary>Adds a loss; null adds nothing.</summary>
    public void AddLoss(Message? loss)
    {
        if (loss is not null)
        {
            losses.Add(loss);
        }
    }

    /// <exception cref="RefusedException">There is a refusal.</exception>
    public void ThrowIfRefused()
    {
        if (Refuses)
        {
            throw new RefusedException([.. Refusals]);
        }
    }
}
