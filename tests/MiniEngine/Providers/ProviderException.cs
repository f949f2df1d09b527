using System.Collections.Immutable;
using MiniEngine.Values;

namespace MiniEngine.Providers;

/// <summary>A provider's call failed.</summary>
/// <param name="inDoubt">True if the provider cannot tell the state of the resource (protocol 2.6, status codes).</param>
internal class ProviderException(string message, bool inDoubt = false)
    : Exception(inDoubt ? $"{message} (the state of the resource may be corrupt)" : message);

/// <summary>The resource exists but is unfinished, and must be recorded as such (protocol 2.6).</summary>
internal sealed class PartialFailureException(string id, Map outputs, Map? inputs, ImmutableArray<string> reasons)
    : ProviderException(string.Join(Environment.NewLine, reasons))
{
    public string Id => id;
    public Map Outputs => outputs;

    /// <summary>Set only by Read.</summary>
    public Map? Inputs => inputs;
    public ImmutableArray<string> Reasons => reasons;
}
