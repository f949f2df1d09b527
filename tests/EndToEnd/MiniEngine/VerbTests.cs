using System.Text.RegularExpressions;
using MiniEngine.Verbs;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed partial class VerbTests
{
    private static string Program(int number) => $$"""
        plugins: { providers: [ { name: fake, path: bin } ] }
        config: { size: { type: integer, default: 1 } }
        resources:
          a: { type: "fake:Thing", properties: { fixed: {{number}}, size: "${size}" } }
          b: { type: "fake:Thing", properties: { x: 1, to: "${a.id}" } }
        outputs:
          id: ${a.id}
          size: ${a.size}
        """;

    [Fact]
    public async Task Shows_a_run_in_Pulumis_manner()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        fake.WriteProvider($"trap 'exit 0' INT; echo {fake.Provider.Port}; while :; do sleep 0.1; done");
        Assert.Equal(
            """
            Previewing (dev):
             +  fake:index:Thing  a  create
             +  fake:index:Thing  b  create
            Outputs:
                id: [unknown]
                size: 1
            Resources:
                +  2 create
            Duration: 0 s

            """,
            await RunAsync(fake, 0, "preview"));
        await RunAsync(fake, 0, "up", "--yes");
        await RunAsync(fake, 0, "config", "set", "size", "2");
        fake.Write(Program(2));
        Assert.Equal(
            """
            Updating (dev):
             +- fake:index:Thing  a  replace
                  +- fixed: 1 => 2
                  ~  size: 1 => 2
             ~  fake:index:Thing  b  update
                  ~  to: "a-1" => "a-3"
             -- fake:index:Thing  a  delete the replaced
            Outputs:
                id: "a-3"
                size: 2
            Resources:
                ~  1 update
                +- 1 replace
                -- 1 delete the replaced
            Duration: 0 s

            """,
            await RunAsync(fake, 0, "up", "--skip-preview"));
        Assert.Equal("a-3\n", await RunAsync(fake, 0, "stack", "output", "id"));
        Assert.Contains("-  2 delete", await RunAsync(fake, 0, "destroy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_1_when_something_failed()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        fake.WriteProvider($"trap 'exit 0' INT; echo {fake.Provider.Port}; while :; do sleep 0.1; done");
        fake.Provider.OnCreate = request => request.Preview ? Task.FromResult(new Pulumirpc.CreateResponse()) : throw new Grpc.Core.RpcException(new(Grpc.Core.StatusCode.Unavailable, "no room"));
        Assert.Equal(
            """
            Updating (dev):
             +  fake:index:Thing  a  create  **failed**
                error: a: no room
            Resources:
                1 failed
            Duration: 0 s

            """,
            await RunAsync(fake, 1, "up", "-f"));
    }

    private static async Task<string> RunAsync(FakeStack fake, int exitCode, params string[] arguments)
    {
        using var text = new StringWriter();
        var parsed = new CommandLine().Build().Parse([.. arguments, "--cwd", fake.Folder]);
        Assert.Equal(exitCode, await parsed.InvokeAsync(new() { Output = text, EnableDefaultExceptionHandler = false }));
        return Duration().Replace(text.ToString(), "Duration: 0 s");
    }

    [GeneratedRegex(@"Duration: [\d.]+ s")]
    private static partial Regex Duration();
}
