using System.Net;
using System.Net.Sockets;
using PgFleet.Operations;
using PgFleet.Protocols.Pulumi;

namespace PgFleet.Tests.Protocols.Pulumi;

/// <summary>A provider process to which engines attach, one after another.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task The_next_run_hangs_up_on_the_engine_of_the_last_and_drops_its_lines()
    {
        using var engine = new TcpListener(IPAddress.Loopback, 0);
        engine.Start();
        using var session = new PulumiSession(_ => new ProviderDefinition([], []), engine.LocalEndpoint.ToString());
        var (log, line) = (session.Log, session.Log.WarnAsync("urn", "on its way"));
        using var call = await engine.AcceptTcpClientAsync();

        session.Begin("127.0.0.1:1");

        await line;
        await call.GetStream().CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(30));
        await log.WarnAsync("urn", "too late");
    }

    [Fact]
    public void The_engine_that_started_the_process_keeps_its_line()
    {
        using var session = new PulumiSession(_ => new ProviderDefinition([], []), "127.0.0.1:1");
        var log = session.Log;
        session.Begin("127.0.0.1:1");
        Assert.Same(log, session.Log);
    }
}
