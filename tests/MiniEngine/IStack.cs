namespace MiniEngine;

/// <summary>A Pulumi YAML program and the state of what it made, driven by an engine. A failed run is a result, not an exception.</summary>
internal interface IStack
{
    /// <summary>Sets a configuration key, as in <c>port</c> or <c>pgfleet:home</c>.</summary>
    Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default);

    Task<StackResult> PreviewAsync(CancellationToken cancel = default);

    /// <param name="refresh">Refreshes the state first.</param>
    Task<StackResult> UpAsync(bool refresh = false, CancellationToken cancel = default);

    Task<StackResult> RefreshAsync(CancellationToken cancel = default);

    /// <summary>Takes what exists into the state; the result holds the text for the program.</summary>
    /// <param name="protect">Neither replaced nor deleted until the program says otherwise.</param>
    Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default);

    Task<StackResult> DestroyAsync(CancellationToken cancel = default);
}
