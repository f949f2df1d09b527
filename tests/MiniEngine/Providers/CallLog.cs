using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using MiniEngine.Values;

namespace MiniEngine.Providers;

/// <summary>Logs each call of a provider and its response as a line of JSON in the file named by PULUMI_DEBUG_GRPC, as Pulumi's engine does.</summary>
/// <remarks>Secrets are logged in clear.</remarks>
internal sealed class CallLog(string file) : Interceptor
{
    public const string Variable = "PULUMI_DEBUG_GRPC";
    private static readonly Lock Turn = new();
    private static int begun;

    public static CallInvoker Around(CallInvoker calls) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? calls.Intercept(new CallLog(file)) : calls;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var line = new JsonObject { ["n"] = Interlocked.Increment(ref begun), ["method"] = context.Method.Name, ["request"] = Text(request) };
        var call = continuation(request, context);
        return new(WriteAsync(call.ResponseAsync, line), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<T> WriteAsync<T>(Task<T> answer, JsonObject line)
    {
        try
        {
            line["response"] = Text(await answer);
        }
        catch (RpcException error)
        {
            line["error"] = error.Status.Detail;
        }
        lock (Turn)
            File.AppendAllText(file, line.ToJsonString(Json.Readable) + "\n");
        return await answer;
    }

    private static JsonNode Text<T>(T message) => JsonNode.Parse(JsonFormatter.Default.Format((IMessage)message!))!;
}
