using PgFleet.Failures;

namespace PgFleet.Operations;

/// <summary>The message for an operation that did not succeed.</summary>
internal static class FailureText
{
    /// <param name="exception">The exception, unwrapped.</param>
    /// <param name="operation">The operation; null for a call without one.</param>
    /// <param name="setting">The name of the timeout setting in the protocol.</param>
    public static Message Of(Exception exception, Operation? operation, string setting) => exception switch
    {
        ResourceFailure failure => failure.Text,
        RefusedException refused => refused.Text,
        OperationCanceledException when operation is { TimedOut: true } =>
            $"The operation did not end within {operation.Timeout.TotalSeconds:0.###} s; it was at: {operation.LastStep}. Run again to go on from there, or raise {setting}.",
        OperationCanceledException => $"Cancelled at: {operation?.LastStep ?? "starting"}. Run again to go on from there.",
        _ => $"{exception.GetType().Name}: {exception.Message} This is a bug in the provider; please report it.",
    };
}
