using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using Pulumirpc;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>A fake of the provider's processes of one phase: answers every call as it was answered then; what takes its time, no earlier than then, so that what went on beside it does so again.</summary>
/// <param name="onBegun">Called before each call is answered.</param>
internal sealed partial class ReplayedProvider(IReadOnlyList<RecordedCall> recorded, Action<RecordedCall> onBegun) : CallInvoker
{
    /// <summary>A call whose answer waits for another one that does not come is a difference too.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<(RecordedCall? Recorded, string Method, JsonObject Request)> came = [];
    private readonly Dictionary<int, TaskCompletionSource> answered =
        recorded.ToDictionary(call => call.Ended, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private int deciding;

    /// <summary>The calls that came, each with its counterpart in the recording; null when there is none.</summary>
    public IReadOnlyList<(RecordedCall? Recorded, string Method, JsonObject Request)> Came
    {
        get
        {
            lock (gate)
                return [.. came];
        }
    }

    /// <summary>The maximum number of concurrent decision calls.</summary>
    public int DecidedAtOnce { get; private set; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        new(AnswerAsync<TResponse>(method.Name, (IMessage)request), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private async Task<TResponse> AnswerAsync<TResponse>(string method, IMessage request)
    {
        var json = JsonNode.Parse(JsonFormatter.Default.Format(request))!.AsObject();
        var call = Take(method, json) ?? throw new RpcException(new(StatusCode.FailedPrecondition, $"{method} is not in the recording."));
        onBegun(call);
        try
        {
            if (!call.Decides && !call.BringsUp)
                await Task.WhenAll(answered.Where(other => other.Key < call.Ended).Select(other => other.Value.Task)).WaitAsync(Timeout);
            return call.Error is { } error ? throw Failure(error) : (TResponse)ResourceProvider.Descriptor.FindMethodByName(method).OutputType.Parser.ParseJson(call.Response!.ToJsonString());
        }
        catch (TimeoutException)
        {
            throw new RpcException(new(StatusCode.DeadlineExceeded, $"{call} waits for an answer before it."));
        }
        finally
        {
            lock (gate)
                deciding -= call.Decides ? 1 : 0;
            answered[call.Ended].TrySetResult();
        }
    }

    private RecordedCall? Take(string method, JsonObject request)
    {
        lock (gate)
        {
            var taken = came.Select(item => item.Recorded).ToHashSet();
            var call = recorded.FirstOrDefault(other => !taken.Contains(other) && other.Method == method && Same(other, request, "urn") && Same(other, request, "tok") && (method is "Configure" || Same(other, request, "id")));
            came.Add((call, method, request));
            deciding += call is { Decides: true } ? 1 : 0;
            DecidedAtOnce = Math.Max(DecidedAtOnce, deciding);
            return call;
        }
    }

    private static bool Same(RecordedCall call, JsonObject request, string field) => JsonNode.DeepEquals(call.Request[field], request[field]);

    /// <summary>Builds the recorded error; the log contains no status details.</summary>
    private static RpcException Failure(string error)
    {
        var match = Text().Match(error);
        var code = match.Groups["code"].Value is "Canceled" ? StatusCode.Cancelled : Enum.Parse<StatusCode>(match.Groups["code"].Value);
        return new(new(code, match.Groups["text"].Value));
    }

    [GeneratedRegex("^rpc error: code = (?<code>[A-Za-z]+) desc = (?<text>.*)$", RegexOptions.Singleline)]
    private static partial Regex Text();
}
