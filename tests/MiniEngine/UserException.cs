namespace MiniEngine;

/// <summary>What the user wrote, or asked for, cannot be carried out. Shown as a plain line.</summary>
internal sealed class UserException(string message) : Exception(message);
