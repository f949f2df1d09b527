using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PgFleet.Protocol;

/// <summary>Pulumi's official Node stubs: a client that does not use our proto files.</summary>
internal sealed class NodeClient : IAsyncDisposable
{
    private readonly Process process;

    private NodeClient(Process process) => this.process = process;

    public static NodeClient Start(int port) => new(Process.Start(new ProcessStartInfo("node", ["client.js", port.ToString(CultureInfo.InvariantCulture)])
    {
        WorkingDirectory = Path.Combine(Repository.Root, "tests", "NodeClient"),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);

    /// <returns><c>{response}</c> or <c>{code, message, details}</c>.</returns>
    public async Task<JsonObject> CallAsync(string method, JsonObject? request = null)
    {
        var line = new JsonObject { ["method"] = method, ["request"] = request };
        await process.StandardInput.WriteLineAsync(line.ToJsonString());
        await process.StandardInput.FlushAsync();
        var answer = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return JsonNode.Parse(answer ?? throw new InvalidOperationException($"The Node client ended at {method}."))!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
