using Grpc.Core;
using Grpc.Core.Interceptors;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Gives every exception that leaves a call a status and a text; ASP.NET would hide both behind "Unknown".</summary>
internal sealed class ErrorInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw PulumiErrors.Of(exception);
        }
    }
}
