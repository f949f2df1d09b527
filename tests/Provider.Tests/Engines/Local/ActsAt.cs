using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local;

/// <summary>Does something once, when some work comes to a step.</summary>
internal sealed class ActsAt(string step, Action act) : IProgress<Step>
{
    private bool acted;

    public void Report(Step value)
    {
        if (value.Name == step && !acted)
        {
            acted = true;
            act();
        }
    }
}
