extern alias pgfleet;

using Grpc.Core;
using Grpc.Core.Interceptors;
using MiniEngine.Providers;
using PgFleet.Histories.Places;
using PgFleet.Protocols.Pulumi;

namespace PgFleet.Histories;

/// <summary>The provider's processes in one run of the engine: the real services without sockets.</summary>
internal sealed class Processes(IPlace place, Faults faults) : IAsyncDisposable
{
    private readonly Calls calls = new();
    private readonly List<PulumiSession> sessions = [];

    public CallInvoker Start(string package)
    {
        var session = new PulumiSession(_ => place.Compose(faults), null);
        lock (sessions)
        {
            sessions.Add(session);
        }
        return new InProcessCalls(binder => pgfleet::Pulumirpc.ResourceProvider.BindService(binder, new PulumiService(session)), calls);
    }

    /// <summary>A killed engine does not wait for its calls; the next run starts only after they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        while (calls.Running > 0)
        {
            await Task.Delay(1);
        }
        faults.End();
        sessions.ForEach(session => session.Dispose());
    }

    /// <summary>The interceptors of the provider's own server, and the number of running calls.</summary>
    private sealed class Calls : Interceptor
    {
        private readonly ErrorInterceptor errors = new();
        private int running;

        public int Running => Volatile.Read(ref running);

        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            if (request is pgfleet::Pulumirpc.GetSchemaRequest)
            {
                // The schema is not read here, and writing it takes as long as all the rest.
                return Activator.CreateInstance<TResponse>();
            }
            Interlocked.Increment(ref running);
            try
            {
                return await errors.UnaryServerHandler(request, context, continuation);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }
}
