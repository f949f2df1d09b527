using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local;

/// <summary>Runs an action once, at a step of an operation.</summary>
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
