using System.Diagnostics;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace PgFleet.Protocol;

public sealed class ProcessContractTests : IAsyncLifetime
{
    private readonly TemporaryHome home = new();
    private ProviderProcess provider = null!;

    public async ValueTask InitializeAsync() => provider = await ProviderProcess.StartAsync(home.Path);

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await home.DisposeAsync();
    }

    [Fact]
    public async Task The_port_is_all_that_is_ever_written_to_stdout_and_an_interrupt_ends_the_process_in_time()
    {
        await provider.Client.HandshakeAsync(new());
        await provider.Client.GetSchemaAsync(new());
        Assert.True(await provider.StopAsync() < TimeSpan.FromSeconds(3));
        Assert.Equal("", await provider.RestOfOutputAsync());
    }

    [Fact]
    public async Task Nobody_but_its_own_user_and_root_is_answered()
    {
        await provider.Client.HandshakeAsync(new());
        Assert.Equal("9", await KnockAsync("bash"));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal("0", await KnockAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash"));
        }
        await provider.Client.GetSchemaAsync(new());
    }

    /// <summary>Starts HTTP/2 (RFC 9113, 3.4) as another user.</summary>
    /// <returns>How many of the first nine bytes of the response arrive.</returns>
    private async Task<string> KnockAsync(params string[] bash)
    {
        var knock = $@"exec 3<>/dev/tcp/127.0.0.1/{provider.Port}; printf 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0' >&3; head -c 9 <&3 2>/dev/null | wc -c";
        using var process = Process.Start(new ProcessStartInfo(bash[0], [.. bash[1..], "-c", knock]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return (await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1))).Trim();
    }

    [Fact]
    public async Task An_interrupt_ends_the_process_though_it_was_started_with_interrupts_ignored()
    {
        await using var background = await ProviderProcess.StartAsync(home.Path, first: "trap '' INT");
        Assert.True(await background.StopAsync() < TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task The_handshake_accepts_secrets_resources_outputs_and_autonaming()
    {
        var answer = await provider.Client.HandshakeAsync(new());
        Assert.True(answer is { AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true, SupportsAutonamingConfiguration: true });
        Assert.False(answer.AcceptsByteString);
    }

    [Fact]
    public async Task The_version_is_strict_semver_and_the_schema_s_own()
    {
        var version = (await provider.Client.GetPluginInfoAsync(new())).Version;
        Assert.Matches(@"^\d+\.\d+\.\d+$", version);
        var schema = JsonNode.Parse((await provider.Client.GetSchemaAsync(new())).Schema)!;
        Assert.Equal(version, schema["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_schema_needs_no_configuration_and_names_every_resource_and_function()
    {
        var schema = JsonNode.Parse((await provider.Client.GetSchemaAsync(new())).Schema)!;
        Assert.Equal(["pgfleet:index:Application", "pgfleet:index:Database", "pgfleet:index:DatabaseInstance", "pgfleet:index:LinkedInstance", "pgfleet:index:RestoredInstance"], schema["resources"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["pgfleet:index:getInstance", "pgfleet:index:getRecoveryWindow", "pgfleet:index:listApplicationVersions", "pgfleet:index:listInstances"], schema["functions"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_sub_package_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await provider.Client.GetSchemaAsync(new() { SubpackageName = "other" }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Component_calls_are_cleanly_unimplemented()
    {
        Func<Task>[] calls =
        [
            async () => await provider.Client.ConstructAsync(new()),
            async () => await provider.Client.CallAsync(new()),
            async () => await provider.Client.ParameterizeAsync(new()),
            async () => await provider.Client.GetMappingAsync(new()),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    [Fact]
    public async Task A_message_of_32_MiB_passes()
    {
        var check = await provider.Client.CheckAsync(Wire.Check(Wire.Instance, $$"""{"username": "{{new string('a', 32 << 20)}}", "password": "longenough"}"""));
        Assert.Contains(check.Failures, failure => failure.Property == "username");
    }

    [Fact]
    public async Task Cancel_may_come_with_nothing_to_cancel_and_does_not_stick_to_the_next_run()
    {
        await provider.Client.CancelAsync(new());
        await provider.Client.CancelAsync(new());
        await provider.Client.HandshakeAsync(new());
        await provider.Client.AttachAsync(new() { Address = "127.0.0.1:1" });
        await provider.Client.ConfigureAsync(new() { Args = Wire.Struct("{}"), AcceptSecrets = true });
        var listed = await provider.Client.InvokeAsync(new() { Tok = "pgfleet:index:listInstances" });
        Assert.Empty(listed.Return.Fields["instances"].ListValue.Values);
    }

    [Fact]
    public async Task An_unknown_resource_type_is_named_with_those_that_exist()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await provider.Client.CheckAsync(Wire.Check("pgfleet:index:Instance", "{}")));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("\"pgfleet:index:Instance\" is no resource of this provider; it has pgfleet:index:DatabaseInstance, pgfleet:index:RestoredInstance, pgfleet:index:LinkedInstance, pgfleet:index:Database, pgfleet:index:Application.", error.Status.Detail);
    }
}
