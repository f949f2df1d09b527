using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using MiniEngine.Values;
using Pulumirpc;

namespace MiniEngine.Providers;

/// <summary>A connected provider, up to and including its configuration (protocol 1.4 to 1.6, 4.1).</summary>
/// <param name="channel">The channel; null: the provider is part of this process.</param>
/// <param name="process">The process; null: the provider was started by another one.</param>
/// <param name="kill">Aborts every call and the connection.</param>
internal sealed class ProviderConnection(CallInvoker calls, GrpcChannel? channel, ProviderProcess? process, string engineAddress, CancellationToken kill) : IAsyncDisposable
{
    private const int MaxMessage = 400 * 1024 * 1024; // protocol 1.5
    private static readonly TimeSpan FirstCall = TimeSpan.FromSeconds(10);

    private readonly ResourceProvider.ResourceProviderClient client = new(CallLog.Around(calls.Intercept(new Lifetime(kill))));

    private bool shookHands;

    /// <summary>The provider's answer to Handshake, or without one to Configure.</summary>
    public ProviderHandshakeResponse Accepts { get; private set; } = new();

    public string Version { get; private set; } = "";

    /// <summary>The address of the engine's own services.</summary>
    public string EngineAddress => engineAddress;

    /// <summary>Connects, and makes the first calls. A null <paramref name="process"/>: the provider is attached to.</summary>
    public static Task<ProviderConnection> OpenAsync(int port, ProviderProcess? process, string engineAddress, CancellationToken kill)
    {
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new()
        {
            MaxReceiveMessageSize = MaxMessage,
            MaxSendMessageSize = MaxMessage,
        });
        return GreetAsync(new(channel.CreateCallInvoker(), channel, process, engineAddress, kill), process?.Folder, attach: process is null);
    }

    /// <summary>Connects to a provider that is part of this process.</summary>
    public static Task<ProviderConnection> OpenAsync(CallInvoker inProcess, string engineAddress, bool attach, CancellationToken kill) =>
        GreetAsync(new(inProcess, null, null, engineAddress, kill), attach ? null : AppContext.BaseDirectory, attach);

    private static async Task<ProviderConnection> GreetAsync(ProviderConnection connection, string? folder, bool attach)
    {
        try
        {
            await connection.HandshakeAsync(folder);
            if (attach)
                await connection.CallAsync(client => client.AttachAsync(new() { Address = connection.EngineAddress }));
            connection.Version = (await connection.CallAsync(client => client.GetPluginInfoAsync(new()))).Version;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public WireEncoder Encoder(bool unknowns) => new(Accepts.AcceptSecrets, Accepts.AcceptResources, unknowns);

    /// <summary>CheckConfig; if it is not implemented, the inputs are used unchanged (protocol 2).</summary>
    public async Task<Checked> CheckConfigAsync(Urn urn, Map olds, Map news)
    {
        var request = new CheckRequest { Urn = urn.ToString(), Name = urn.Name, Type = urn.Type, Olds = Bare(olds), News = Bare(news) };
        if (await TryAsync(client => client.CheckConfigAsync(request)) is not { } answer)
            return new(news, []);
        var inputs = answer.Inputs is null ? news : WireDecoder.Decode(answer.Inputs);
        if (inputs["version"] is { } version && !Equals(version.Bare, news["version"]?.Bare))
            throw new ProviderException("CheckConfig changed \"version\".");
        return new(inputs.With("version", news["version"]).WithSecretsOf(news, []), [.. answer.Failures]);
    }

    /// <summary>DiffConfig; if it is not implemented, the result is DIFF_UNKNOWN without a replacement (protocol 2).</summary>
    public async Task<DiffResponse> DiffConfigAsync(Urn urn, Map oldInputs, Map oldOutputs, Map news) =>
        await TryAsync(client => client.DiffConfigAsync(new()
        {
            Urn = urn.ToString(),
            Name = urn.Name,
            Type = urn.Type,
            Olds = Bare(oldOutputs),
            OldInputs = Bare(oldInputs),
            News = Bare(news),
        })) ?? new();

    /// <summary>Configure, its secrets always wrapped (the table of protocol 3).</summary>
    public async Task ConfigureAsync(Urn urn, string id, string package, Map inputs)
    {
        var request = new ConfigureRequest
        {
            Args = new WireEncoder(Secrets: true, References: true, Unknowns: false).Encode(inputs),
            AcceptSecrets = true,
            AcceptResources = true,
            SendsOldInputs = true,
            SendsOldInputsToDelete = true,
            Id = id,
            Urn = urn.ToString(),
            Name = urn.Name,
            Type = urn.Type,
        };
#pragma warning disable CS0612 // engines of today send both
        foreach (var (key, value) in inputs.With("version", null).Items)
            request.Variables[$"{package}:config:{key}"] = Programs.StackConfig.AsText(value.Bare).Content;
#pragma warning restore CS0612
        var answer = await CallAsync(client => client.ConfigureAsync(request));
        if (!shookHands)
            Accepts = new() { AcceptSecrets = answer.AcceptSecrets, AcceptResources = answer.AcceptResources, SupportsAutonamingConfiguration = answer.SupportsAutonamingConfiguration };
    }

    public async Task<T> CallAsync<T>(Func<ResourceProvider.ResourceProviderClient, AsyncUnaryCall<T>> call)
    {
        try
        {
            return await call(client);
        }
        catch (RpcException error)
        {
            throw Failures.Read(error);
        }
    }

    /// <summary>Asks the provider to cancel its operations.</summary>
    /// <returns>Whether it accepted the request; else it counts as broken (protocol 1.5).</returns>
    public async Task<bool> CancelAsync(TimeSpan budget)
    {
        try
        {
            await client.CancelAsync(new Empty(), deadline: DateTime.UtcNow + budget);
            return true;
        }
        catch (RpcException error)
        {
            return error.StatusCode is StatusCode.Unimplemented;
        }
    }

    /// <summary>Cancel, then the connection, then the process (protocol 1.5).</summary>
    public async ValueTask DisposeAsync()
    {
        var killed = kill.IsCancellationRequested;
        var heard = killed || await CancelAsync(TimeSpan.FromSeconds(5));
        channel?.Dispose();
        if (process is null)
            return;
        await process.EndAsync(killed);
        if (!heard)
            throw new ProviderException($"The provider exited prematurely, which is always a bug in the provider.{Environment.NewLine}{process.Output}");
    }

    private static Struct Bare(Map map) => new WireEncoder(Secrets: false, References: false, Unknowns: true).Encode(map);

    /// <summary>Makes the first calls. <paramref name="folder"/> is that of the provider's program; null: it is attached to.</summary>
    private async Task HandshakeAsync(string? folder)
    {
        var request = new ProviderHandshakeRequest
        {
            EngineAddress = engineAddress,
            ConfigureWithUrn = true,
            SupportsViews = true,
            SupportsRefreshBeforeUpdate = true,
            InvokeWithPreview = true,
            MapperTarget = engineAddress,
            LoaderTarget = engineAddress,
            ResolverTarget = engineAddress,
            AcceptsByteString = true,
        };
        if (folder is not null)
            request.RootDirectory = request.ProgramDirectory = folder;
        var deadline = DateTime.UtcNow + FirstCall;
        while (true)
        {
            try
            {
                Accepts = await client.HandshakeAsync(request, deadline: deadline);
                shookHands = true;
                return;
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable && DateTime.UtcNow < deadline)
            {
                await Task.Delay(10);
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unimplemented)
            {
                return;
            }
            catch (RpcException error)
            {
                throw Failures.Read(error);
            }
        }
    }

    /// <summary>Aborts calls when the engine is killed.</summary>
    private sealed class Lifetime(CancellationToken kill) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, new(context.Method, context.Host, context.Options.WithCancellationToken(kill)));
    }

    private async Task<T?> TryAsync<T>(Func<ResourceProvider.ResourceProviderClient, AsyncUnaryCall<T>> call)
        where T : class
    {
        try
        {
            return await call(client);
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unimplemented)
        {
            return null;
        }
        catch (RpcException error)
        {
            throw Failures.Read(error);
        }
    }
}
