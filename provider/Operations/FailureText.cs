using PgFleet.Failures;

namespace PgFleet.Operations;

/// <summary>What a user is told of an operation that did not succeed.</summary>
internal static class FailureText
{
    /// <param name="exception">Not one that wraps another.</param>
    /// <param name="operation">Null for a call that is none.</param>
    /// <param name="setting">What the protocol's users raise when the time is too short.</param>
    public static string Of(Exception exception, Operation? operation, string setting) => exception switch
    {
        ResourceFailure or RefusedException => exception.Message,
        OperationCanceledException when operation is { TimedOut: true } =>
            $"The operation did not end within {operation.Timeout.TotalSeconds:0.###} s; it was at: {operation.LastStep}. Run again to go on from there, or raise {setting}.",
        OperationCanceledException => $"Cancelled at: {operation?.LastStep ?? "starting"}. Run again to go on from there.",
        _ => $"{exception.GetType().Name}: {exception.Message} This is a bug in the provider; please report it.",
    };
}
