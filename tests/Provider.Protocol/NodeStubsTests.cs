using System.Text.Json.Nodes;

namespace PgFleet.Protocol;

/// <summary>The protocol as the official stubs see it: if a field number in our proto files were wrong, a value would be missing here.</summary>
public sealed class NodeStubsTests : IAsyncLifetime
{
    private readonly TemporaryHome home = new();
    private ProviderProcess provider = null!;
    private NodeClient node = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await ProviderProcess.StartAsync(home.Path);
        node = NodeClient.Start(provider.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await provider.DisposeAsync();
        await home.DisposeAsync();
    }

    [Fact]
    public async Task The_official_stubs_drive_a_server_s_whole_life()
    {
        var handshake = await ResponseAsync("handshake", new() { ["engineAddress"] = "127.0.0.1:1", ["configureWithUrn"] = true });
        Assert.True((bool)handshake["acceptSecrets"]! && (bool)handshake["acceptResources"]! && (bool)handshake["acceptOutputs"]! && (bool)handshake["supportsAutonamingConfiguration"]!);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string)(await ResponseAsync("getPluginInfo"))["version"]!);
        Assert.StartsWith("{", (string)(await ResponseAsync("getSchema"))["schema"]!, StringComparison.Ordinal);
        var configuration = await ResponseAsync("configure", new() { ["args"] = new JsonObject { ["home"] = home.Path }, ["acceptsecrets"] = true });
        Assert.True((bool)configuration["supportspreview"]!);

        var check = await ResponseAsync("check", Request(new()
        {
            ["olds"] = new JsonObject(),
            ["news"] = new JsonObject { ["username"] = "shopkeeper", ["password"] = "longenough", ["deletionProtection"] = false },
            ["randomseed"] = Convert.ToBase64String(new byte[32]),
        }));
        var inputs = check["inputs"]!.AsObject();
        Assert.Matches("^main_[0-9a-f]{7}$", (string)inputs["name"]!);

        var failed = await ResponseAsync("check", Request(new() { ["olds"] = new JsonObject(), ["news"] = new JsonObject { ["username"] = "admin", ["password"] = "longenough" } }));
        var failure = failed["failuresList"]![0]!;
        Assert.Equal("username", (string)failure["property"]!);
        Assert.Contains("\"admin\"", (string)failure["reason"]!, StringComparison.Ordinal);

        var created = await ResponseAsync("create", Request(new() { ["properties"] = inputs.DeepClone() }));
        var state = created["properties"]!.AsObject();
        Assert.Equal((string)inputs["name"]!, (string)created["id"]!);
        Assert.Equal("available", (string)state["status"]!);

        var news = inputs.DeepClone().AsObject();
        news["username"] = "keeper";
        news["name"] = "other";
        var diff = await ResponseAsync("diff", Request(new()
        {
            ["id"] = created["id"]!.DeepClone(),
            ["olds"] = state.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = news.DeepClone(),
        }));
        Assert.Equal(2, (int)diff["changes"]!);
        Assert.True((bool)diff["hasdetaileddiff"]!);
        Assert.Equal(["name"], diff["replacesList"]!.AsArray().Select(name => (string)name!));
        // UPDATE_REPLACE is 5, UPDATE is 4.
        Assert.Equal(5, (int)diff["detaileddiff"]!["name"]!);
        Assert.Equal(4, (int)diff["detaileddiff"]!["username"]!);

        news["name"] = inputs["name"]!.DeepClone();
        var updated = await ResponseAsync("update", Request(new()
        {
            ["id"] = created["id"]!.DeepClone(),
            ["olds"] = state.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = news.DeepClone(),
        }));
        var read = await ResponseAsync("read", Request(new() { ["id"] = created["id"]!.DeepClone() }));
        Assert.Equal("keeper", (string)read["properties"]!["username"]!);
        Assert.Equal("keeper", (string)read["inputs"]!["username"]!);

        var listed = await ResponseAsync("invoke", new() { ["tok"] = "pgfleet:index:listInstances", ["args"] = new JsonObject() });
        Assert.Equal((string)created["id"]!, (string)listed["pb_return"]!["instances"]![0]!["name"]!);

        // A run does not delete what it has created: the next one does.
        await ResponseAsync("cancel");
        await ResponseAsync("handshake", []);
        await ResponseAsync("delete", Request(new() { ["id"] = created["id"]!.DeepClone(), ["properties"] = updated["properties"]!.DeepClone() }));
        Assert.Equal("", (string)(await ResponseAsync("read", Request(new() { ["id"] = created["id"]!.DeepClone() })))["id"]!);
        await ResponseAsync("cancel");
    }

    [Fact]
    public async Task The_official_stubs_read_the_details_of_a_partial_failure()
    {
        using var slow = new SlowPrograms(seconds: 600);
        await ResponseAsync("configure", new() { ["args"] = new JsonObject { ["binDirectories"] = new JsonArray(slow.Folder) } });
        var news = new JsonObject { ["name"] = "main", ["username"] = "shopkeeper", ["password"] = "longenough" };
        var inputs = (await ResponseAsync("check", Request(new() { ["olds"] = new JsonObject(), ["news"] = news })))["inputs"]!;
        JsonArray details = [];
        // The deadline may pass before anything is made, on a machine that is busy.
        for (var seconds = 4; details.Count == 0; seconds *= 4)
        {
            details = (await node.CallAsync("create", Request(new() { ["properties"] = inputs.DeepClone(), ["timeout"] = seconds })))["details"]!.AsArray();
        }
        var detail = details[0]!;
        Assert.Equal("type.googleapis.com/pulumirpc.ErrorResourceInitFailed", (string)detail["type"]!);
        Assert.Equal("main", (string)detail["id"]!);
        Assert.Equal("unfinished", (string)detail["properties"]!["status"]!);
        Assert.Single(detail["reasonsList"]!.AsArray());
    }

    [Fact]
    public async Task Component_calls_are_unimplemented_to_the_official_stubs_too()
    {
        // UNIMPLEMENTED is 12.
        Assert.Equal(12, (int)(await node.CallAsync("construct"))["code"]!);
        Assert.Equal(12, (int)(await node.CallAsync("call"))["code"]!);
    }

    private static JsonObject Request(JsonObject fields)
    {
        fields["urn"] = Wire.Urn(Wire.Instance, "main");
        fields["type"] = Wire.Instance;
        fields["name"] = "main";
        return fields;
    }

    private async Task<JsonObject> ResponseAsync(string method, JsonObject? request = null)
    {
        var answer = await node.CallAsync(method, request);
        Assert.True(answer.ContainsKey("response"), $"{method}: {answer.ToJsonString()}");
        return answer["response"]!.AsObject();
    }
}
