namespace MiniEngine;

/// <summary>The user's input or request cannot be carried out. Shown as a plain line.</summary>
internal sealed class UserException(string message) : Exception(message);
