namespace MiniEngine;

/// <summary>A Pulumi YAML program and the state of what it made, driven by an engine. A failed run is a result, not an exception.</summary>
internal interface IStack
{
    /// <summary>Sets a configuration key, as in <c>port</c> or <c>pgfleet:home</c>.</summary>
    Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default);

    Task<StackResult> PreviewAsync(RunOptions? options = null, CancellationToken cancel = default);

    Task<StackResult> UpAsync(RunOptions? options = null, CancellationToken cancel = default);

    Task<StackResult> RefreshAsync(RunOptions? options = null, CancellationToken cancel = default);

    /// <summary>Takes what exists into the state; the result holds the text for the program.</summary>
    /// <param name="protect">Neither replaced nor deleted until the program says otherwise.</param>
    Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default);

    Task<StackResult> DestroyAsync(RunOptions? options = null, CancellationToken cancel = default);

    /// <summary>Has the next run replace a resource, whatever has changed.</summary>
    Task TaintAsync(string urn, CancellationToken cancel = default);
}
