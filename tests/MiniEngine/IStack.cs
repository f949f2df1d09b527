namespace MiniEngine;

/// <summary>A Pulumi YAML program and the state of its resources, driven by an engine. A failed run is a result, not an exception.</summary>
internal interface IStack
{
    /// <summary>Sets a configuration key, as in <c>port</c> or <c>pgfleet:home</c>.</summary>
    Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default);

    Task<StackResult> PreviewAsync(RunOptions? options = null, CancellationToken cancel = default);

    Task<StackResult> UpAsync(RunOptions? options = null, CancellationToken cancel = default);

    Task<StackResult> RefreshAsync(RunOptions? options = null, CancellationToken cancel = default);

    /// <summary>Imports an existing resource; the result contains the text for the program.</summary>
    /// <param name="protect">Protects it from replacement and deletion until the program says otherwise.</param>
    Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default);

    Task<StackResult> DestroyAsync(RunOptions? options = null, CancellationToken cancel = default);

    /// <summary>Makes the next run replace a resource, regardless of changes.</summary>
    Task TaintAsync(string urn, CancellationToken cancel = default);
}
