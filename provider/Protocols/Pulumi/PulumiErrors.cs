using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

/// <summary>
/// Converts failures to gRPC statuses. Unknown, Internal and DataLoss tell the engine that a resource's state may be corrupt, so they are used only for
/// bugs; every other code means that nothing was changed.
/// </summary>
internal static class PulumiErrors
{
    public static RpcException Of(Exception exception, Operation? operation = null) => exception switch
    {
        RpcException rpc => rpc,
        UnfinishedException unfinished => Unfinished(unfinished, operation),
        RefusedException => new(new(StatusCode.InvalidArgument, Describe(exception, operation))),
        ResourceFailure failure => new(new(Code(failure.Kind), Describe(exception, operation))),
        OperationCanceledException when operation is { TimedOut: true } => new(new(StatusCode.DeadlineExceeded, Describe(exception, operation))),
        OperationCanceledException => new(new(StatusCode.Cancelled, Describe(exception, operation))),
        _ => new(new(StatusCode.Internal, Describe(exception, operation))),
    };

    private static string Describe(Exception exception, Operation? operation) => FailureText.Of(exception, operation, "customTimeouts").ToString();

    private static StatusCode Code(FailureKind kind) => kind switch
    {
        FailureKind.Refused => StatusCode.FailedPrecondition,
        FailureKind.Missing => StatusCode.NotFound,
        FailureKind.Conflict => StatusCode.AlreadyExists,
        FailureKind.Denied => StatusCode.PermissionDenied,
        FailureKind.Unavailable => StatusCode.Unavailable,
        FailureKind.Exhausted => StatusCode.ResourceExhausted,
        FailureKind.TimedOut => StatusCode.DeadlineExceeded,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    // The engine shows the detail's reasons instead of the message, and records the resource under the detail's id.
    private static RpcException Unfinished(UnfinishedException unfinished, Operation? operation)
    {
        var words = Describe(unfinished.InnerException!, operation);
        var detail = new ErrorResourceInitFailed { Id = unfinished.Id, Properties = PulumiValues.Encode(unfinished.State), Reasons = { words } };
        return new Google.Rpc.Status
        {
            Code = (int)Google.Rpc.Code.FailedPrecondition,
            Message = words,
            Details = { new Any { TypeUrl = $"type.googleapis.com/{ErrorResourceInitFailed.Descriptor.FullName}", Value = detail.ToByteString() } },
        }.ToRpcException();
    }
}
