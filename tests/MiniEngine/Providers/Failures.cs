using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MiniEngine.Values;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>Reads the failure of a call (protocol 2.6).</summary>
internal static class Failures
{
    public static ProviderException Read(RpcException error)
    {
        var status = error.GetRpcStatus();
        if (status is null)
            return Plain(error.StatusCode, error.Status.Detail);
        // a Go client drops the details of a status that contradicts the call's
        if (status.Code != (int)error.StatusCode)
            return Plain(StatusCode.Internal, "grpc-status-details-bin mismatch");
        if (Find<ErrorResourceInitFailed>(status) is { } half)
            return Partial(half);
        if (Find<ConfigureErrorMissingKeys>(status) is { } missing)
            return new(string.Join(Environment.NewLine, missing.MissingKeys.Select(key =>
                $"The configuration has no \"{key.Name}\" ({key.Description}). Set it with: minien config set {key.Name} VALUE")));
        var causes = status.Details.Where(detail => detail.Is(ErrorCause.Descriptor)).ToList();
        return causes switch
        {
            [] => Plain(error.StatusCode, error.Status.Detail),
            [var cause] => Plain(error.StatusCode, $"{error.Status.Detail}: {cause.Unpack<ErrorCause>().Message}"),
            _ => new("The provider's status has two causes, which breaks Pulumi's engine.", inDoubt: true),
        };
    }

    private static ProviderException Plain(StatusCode code, string message) =>
        new(message, code is StatusCode.Unknown or StatusCode.Internal or StatusCode.DataLoss);

    private static ProviderException Partial(ErrorResourceInitFailed half)
    {
        var outputs = WireDecoder.Decode(half.Properties ?? new Struct());
        if (!outputs.IsKnown)
            return new("The provider answered with an unknown value for a resource that exists.", inDoubt: true);
        return new PartialFailureException(half.Id, outputs, half.Inputs is null ? null : WireDecoder.Decode(half.Inputs), [.. half.Reasons]);
    }

    private static T? Find<T>(Google.Rpc.Status status)
        where T : class, IMessage<T>, new() =>
        status.Details.FirstOrDefault(detail => detail.Is(new T().Descriptor))?.Unpack<T>();
}
