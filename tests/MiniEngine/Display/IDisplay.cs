namespace MiniEngine.Display;

/// <summary>Shows a run while it goes on. Called from many threads.</summary>
internal interface IDisplay
{
    /// <param name="what">As in "Updating (dev)".</param>
    void Began(string what);

    void Started(Urn urn, Op op);

    void Finished(Step step);

    void Write(Diagnostic diagnostic);

    /// <summary>Text that the next of the same resource replaces (protocol 2.5, ephemeral).</summary>
    void Progress(Urn? urn, string text);
}

internal sealed class NoDisplay : IDisplay
{
    public void Began(string what)
    {
    }

    public void Started(Urn urn, Op op)
    {
    }

    public void Finished(Step step)
    {
    }

    public void Write(Diagnostic diagnostic)
    {
    }

    public void Progress(Urn? urn, string text)
    {
    }
}
