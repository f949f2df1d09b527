using System.Collections.Immutable;
using MiniEngine.Display;
using Pulumirpc;

namespace MiniEngine.Deployments;

/// <summary>The events of a run, in order.</summary>
internal sealed class RunLog(ConsoleDisplay? display = null)
{
    private readonly Lock gate = new();
    private readonly List<Step> steps = [];
    private readonly List<Diagnostic> diagnostics = [];
    private volatile bool stopped;

    /// <summary>True if an error was reported after which nothing new is started; an error of a provider counts too (protocol 2.5).</summary>
    public bool Stopped => stopped;

    /// <summary>True if anything failed.</summary>
    public bool Failed
    {
        get
        {
            lock (gate)
                return diagnostics.Exists(diagnostic => diagnostic.Severity is Severity.Error);
        }
    }

    public ImmutableArray<Step> Steps
    {
        get
        {
            lock (gate)
                return [.. steps];
        }
    }

    public ImmutableArray<Diagnostic> Diagnostics
    {
        get
        {
            lock (gate)
                return [.. diagnostics];
        }
    }

    public void Finished(Step step)
    {
        lock (gate)
            steps.Add(step);
        display?.Finished(step);
    }

    public void Write(LogSeverity severity, Urn? urn, string message) => Write((Severity)severity, urn, message);

    public void Error(Urn? urn, string message, bool stops = true) => Write(Severity.Error, urn, message, stops);

    public void Warn(Urn? urn, string message) => Write(Severity.Warning, urn, message);

    private void Write(Severity severity, Urn? urn, string message, bool stops = true)
    {
        stopped |= stops && severity is Severity.Error;
        var diagnostic = new Diagnostic(severity, urn, message);
        lock (gate)
            diagnostics.Add(diagnostic);
        display?.Write(diagnostic);
    }
}
