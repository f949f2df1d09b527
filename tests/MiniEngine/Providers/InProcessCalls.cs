using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MiniEngine.Providers;

/// <summary>Calls a service of this process without a socket. Messages are serialized, because each side may have types of its own.</summary>
/// <param name="bind">The service's binder, as in <c>binder => ResourceProvider.BindService(binder, service)</c>.</param>
/// <param name="interceptor">The interceptor of its server.</param>
internal sealed class InProcessCalls : CallInvoker
{
    private readonly Handlers handlers;

    public InProcessCalls(Action<ServiceBinderBase> bind, Interceptor? interceptor = null)
    {
        handlers = new(interceptor);
        bind(handlers);
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var answer = AnswerAsync(method, WireForm.Write(method.RequestMarshaller, request), options);
        return new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    /// <summary>A caller that gives up gets no response; the service continues, and is cancelled.</summary>
    private async Task<TResponse> AnswerAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, byte[] request, CallOptions options)
    {
        using var deadline = new CancellationTokenSource(options.Deadline is { } until ? TimeSpan.FromTicks(Math.Max(0, (until - DateTime.UtcNow).Ticks)) : Timeout.InfiniteTimeSpan);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, options.CancellationToken);
        try
        {
            var answer = Task.Run(() => handlers.Of(method.Name)(request, new InProcessCall(method.FullName, ends.Token)), CancellationToken.None);
            return WireForm.Read(method.ResponseMarshaller, await answer.WaitAsync(ends.Token));
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            throw new RpcException(new(deadline.IsCancellationRequested ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, "The call was given up."));
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw new RpcException(new(StatusCode.Unknown, $"Exception was thrown by handler. {error.GetType().Name}: {error.Message}"));
        }
    }

    private sealed class Handlers(Interceptor? interceptor) : ServiceBinderBase
    {
        private readonly Dictionary<string, Func<byte[], ServerCallContext, Task<byte[]>>> unary = [];

        public Func<byte[], ServerCallContext, Task<byte[]>> Of(string method) =>
            unary.GetValueOrDefault(method) ?? throw new RpcException(new(StatusCode.Unimplemented, method));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            unary[method.Name] = async (request, call) =>
            {
                var message = WireForm.Read(method.RequestMarshaller, request);
                var answer = interceptor is null ? handler!(message, call) : interceptor.UnaryServerHandler(message, call, handler!);
                return WireForm.Write(method.ResponseMarshaller, await answer);
            };
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        {
            // the engine makes no streaming calls
        }
    }
}
