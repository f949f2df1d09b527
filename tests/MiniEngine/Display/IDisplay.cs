namespace MiniEngine.Display;

/// <summary>Shows a run as it happens. Called from many threads.</summary>
internal interface IDisplay
{
    /// <summary>Starts a run, described as in "Updating (dev)".</summary>
    void Began(string what);

    void Started(Urn urn, Op op);

    void Finished(Step step);

    void Write(Diagnostic diagnostic);

    /// <summary>Shows text that the next text of the same resource replaces (protocol 2.5, ephemeral).</summary>
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
