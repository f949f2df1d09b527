using Grpc.Core;
using Grpc.Core.Interceptors;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Converts every exception of a call to a status with a message; ASP.NET would replace both by "Unknown".</summary>
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
