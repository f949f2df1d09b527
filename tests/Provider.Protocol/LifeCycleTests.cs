using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using Pulumirpc;

namespace PgFleet.Protocol;

/// <summary>A server's life, with the calls that the engine makes.</summary>
public sealed class LifeCycleTests : IAsyncLifetime
{
    private const string Password = "correct-horse";
    private readonly TemporaryHome home = new();
    private ProviderProcess provider = null!;

    public async ValueTask InitializeAsync() => provider = await ProviderProcess.StartAsync(home.Path);

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await home.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "R7")]
    public async Task A_preview_of_a_new_server_knows_what_is_certain_and_touches_nothing()
    {
        var inputs = await InputsAsync();
        var preview = await provider.Client.CreateAsync(Create(inputs, preview: true));
        Assert.Equal("", preview.Id);
        Assert.Equal("main", preview.Properties.Text("name"));
        Assert.Equal(Wire.Unknown, preview.Properties.Text("port"));
        Assert.Equal(Wire.Unknown, preview.Properties.Text("status"));
        Assert.True(preview.Properties.Fields["connectionUri"].IsSecret());
        Assert.True(preview.Properties.Fields["password"].IsSecret());
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path));
    }

    [Fact]
    [Trait("Requirement", "R7")]
    [Trait("Requirement", "R10")]
    [Trait("Requirement", "R31")]
    public async Task A_server_is_made_read_changed_in_place_found_stopped_mended_and_destroyed()
    {
        var inputs = await InputsAsync();
        var created = await provider.Client.CreateAsync(Create(inputs));
        Assert.Equal("main", created.Id);
        Assert.Equal("available", created.Properties.Text("status"));
        Assert.Equal(1, await ScalarAsync(created.Properties, "select 1"));

        // No drift: the diff is empty, and so is that of a refresh.
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffNone, (await DiffAsync(created.Properties, inputs, inputs)).Changes);
        var read = await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Properties = created.Properties, Inputs = inputs });
        Assert.Equal(created.Properties, read.Properties);
        Assert.Equal(inputs, read.Inputs);

        // A new password is an update in place that does not change host and port.
        var renewed = await InputsAsync("""{"password": "another-horse", "username": "keeper", "parameters": {"work_mem": "8MB"}}""", inputs);
        var diff = await DiffAsync(created.Properties, inputs, renewed);
        Assert.Equal(["parameters", "password", "username"], diff.Diffs.Order(StringComparer.Ordinal));
        Assert.Empty(diff.Replaces);
        var preview = await provider.Client.UpdateAsync(Update(created.Properties, inputs, renewed, preview: true));
        Assert.Equal(created.Properties.Fields["port"], preview.Properties.Fields["port"]);
        Assert.Equal(Wire.Unknown, preview.Properties.Text("connectionUri"));
        Assert.Equal(created.Properties.Text("caCertificate"), preview.Properties.Text("caCertificate"));
        var updated = (await provider.Client.UpdateAsync(Update(created.Properties, inputs, renewed))).Properties;
        Assert.Equal("8MB", await ScalarAsync(updated, "show work_mem"));
        Assert.Equal("keeper", await ScalarAsync(updated, "select current_user::text"));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(created.Properties, "select 1"));

        // Stopped outside the provider: the read reports it, and the diff plans a repair in place.
        await Processes.EndServersAsync(home.Path);
        var stopped = await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Properties = updated, Inputs = renewed });
        Assert.Equal("stopped", stopped.Properties.Text("status"));
        var mend = await DiffAsync(stopped.Properties, renewed, renewed);
        Assert.Equal(["status"], mend.Diffs);
        Assert.Empty(mend.Replaces);
        var mended = (await provider.Client.UpdateAsync(Update(stopped.Properties, renewed, renewed))).Properties;
        Assert.Equal(updated, mended);

        // Protection as recorded: destroying is refused until an update has turned it off.
        await NextRunAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await DeleteAsync(mended));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        var unprotected = await InputsAsync("""{"password": "another-horse", "username": "keeper", "parameters": {"work_mem": "8MB"}, "deletionProtection": false}""", renewed);
        var last = (await provider.Client.UpdateAsync(Update(mended, renewed, unprotected))).Properties;
        await NextRunAsync();
        await DeleteAsync(last);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Path, "instances")));
        await DeleteAsync(last);
        var gone = await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Properties = last, Inputs = unprotected });
        Assert.Equal("", gone.Id);
        Assert.Null(gone.Properties);
    }

    [Fact]
    public async Task A_deadline_leaves_a_state_that_the_next_update_finishes()
    {
        var inputs = await InputsAsync();
        using var slow = new SlowPrograms(seconds: 600);
        await ConfigureAsync($$"""{"binDirectories": ["{{slow.Folder}}"]}""");
        var (timeout, error) = (1, (RpcException?)null);
        // On a busy machine the deadline may pass before anything is made.
        while (error?.GetRpcStatus() is null)
        {
            timeout *= 4;
            error = await Assert.ThrowsAsync<RpcException>(async () => await provider.Client.CreateAsync(Create(inputs, timeout: timeout)));
        }
        var detail = Assert.Single(error.GetRpcStatus()!.Details).Unpack<ErrorResourceInitFailed>();
        Assert.Equal("main", detail.Id);
        Assert.Contains($"did not end within {timeout} s", Assert.Single(detail.Reasons), StringComparison.Ordinal);
        Assert.Equal("unfinished", detail.Properties.Text("status"));
        await ConfigureAsync("{}");
        var finished = await provider.Client.UpdateAsync(Update(detail.Properties, inputs, inputs));
        Assert.Equal("available", finished.Properties.Text("status"));
        Assert.Equal(1, await ScalarAsync(finished.Properties, "select 1"));
    }

    [Fact]
    public async Task Cancel_stops_the_work_and_keeps_what_was_made()
    {
        var inputs = await InputsAsync();
        using var slow = new SlowPrograms(seconds: 60);
        await ConfigureAsync($$"""{"binDirectories": ["{{slow.Folder}}"]}""");
        var create = provider.Client.CreateAsync(Create(inputs)).ResponseAsync;
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(home.Path, "instances", "main", "record.json")), "the server is on record");
        await provider.Client.CancelAsync(new());
        var error = await Assert.ThrowsAsync<RpcException>(() => create);
        Assert.Equal("main", error.GetRpcStatus()!.Details.Single().Unpack<ErrorResourceInitFailed>().Id);
        await provider.Client.HandshakeAsync(new());
        await ConfigureAsync("{}");
        var created = await provider.Client.CreateAsync(Create(inputs));
        Assert.Equal(1, await ScalarAsync(created.Properties, "select 1"));
    }

    [Fact]
    public async Task A_state_of_another_fleet_is_refused_and_both_places_are_named()
    {
        await provider.Client.CreateAsync(Create(await InputsAsync()));
        var inputs = await InputsAsync();
        var foreign = (await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance })).Properties;
        foreign.Fields["fleetId"] = Value.ForString("0123@elsewhere:/srv/other");
        Func<Task>[] calls =
        [
            async () => await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Properties = foreign, Inputs = inputs }),
            async () => await provider.Client.UpdateAsync(Update(foreign, inputs, inputs)),
            async () => await DeleteAsync(foreign),
        ];
        foreach (var call in calls)
        {
            await NextRunAsync();
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
            Assert.Contains("elsewhere:/srv/other", error.Status.Detail, StringComparison.Ordinal);
            Assert.Contains(home.Path, error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_import_has_the_id_alone_and_gives_inputs_that_pass_check_but_for_the_password()
    {
        var inputs = await InputsAsync("""{"parameters": {"work_mem": "8MB"}}""");
        await provider.Client.CreateAsync(Create(inputs));
        var read = await provider.Client.ReadAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance });
        Assert.Equal("main", read.Id);
        Assert.False(read.Inputs.Fields.ContainsKey("password"));
        var check = await provider.Client.CheckAsync(Wire.Check(Wire.Instance, read.Inputs.ToString(), read.Inputs.ToString()));
        Assert.StartsWith("password: ", Assert.Single(check.Failures).Reason, StringComparison.Ordinal);
        var diff = await DiffAsync(read.Properties, read.Inputs, inputs);
        Assert.Equal(["password"], diff.Diffs);
        Assert.Empty(diff.Replaces);
    }

    [Fact]
    public async Task A_taken_name_is_refused_at_preview_with_the_import_command()
    {
        var inputs = await InputsAsync();
        await provider.Client.CreateAsync(Create(inputs));
        var another = Create(inputs, preview: true);
        another.Urn = Wire.Urn(Wire.Instance, "another");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await provider.Client.CreateAsync(another));
        Assert.Contains("pulumi import pgfleet:index:DatabaseInstance main main", error.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>Starts the next run, because a run does not delete what it has created or kept.</summary>
    private async Task NextRunAsync()
    {
        await provider.Client.CancelAsync(new());
        await provider.Client.HandshakeAsync(new());
    }

    private async Task ConfigureAsync(string args) => await provider.Client.ConfigureAsync(new() { Args = Wire.Struct(args) });

    private static string Urn => Wire.Urn(Wire.Instance, "main");

    private async Task<Struct> InputsAsync(string more = "{}", Struct? olds = null)
    {
        var news = Wire.Struct($$"""{"name": "main", "username": "shopkeeper", "password": {{Wire.Secret($"\"{Password}\"")}}}""");
        foreach (var (name, value) in Wire.Struct(more).Fields)
        {
            news.Fields[name] = value;
        }
        var check = await provider.Client.CheckAsync(new() { Urn = Urn, Type = Wire.Instance, Name = "main", News = news, Olds = olds ?? new() });
        Assert.Empty(check.Failures);
        return check.Inputs;
    }

    private static CreateRequest Create(Struct inputs, bool preview = false, double timeout = 0) =>
        new() { Urn = Urn, Type = Wire.Instance, Name = "main", Properties = inputs, Preview = preview, Timeout = timeout };

    private static UpdateRequest Update(Struct olds, Struct oldInputs, Struct news, bool preview = false) =>
        new() { Id = "main", Urn = Urn, Type = Wire.Instance, Olds = olds, OldInputs = oldInputs, News = news, Preview = preview };

    private async Task<DiffResponse> DiffAsync(Struct olds, Struct oldInputs, Struct news) =>
        await provider.Client.DiffAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Olds = olds, OldInputs = oldInputs, News = news });

    private async Task DeleteAsync(Struct olds) =>
        await provider.Client.DeleteAsync(new() { Id = "main", Urn = Urn, Type = Wire.Instance, Properties = olds });

    private static async Task<object?> ScalarAsync(Struct instance, string sql)
    {
        var uri = new Uri(instance.Text("connectionUri"));
        var user = uri.UserInfo.Split(':').Select(Uri.UnescapeDataString).ToArray();
        await using var connection = new NpgsqlConnection(
            $"Host={uri.Host};Port={uri.Port};Username={user[0]};Password={user[1]};Database={uri.AbsolutePath.Trim('/')};SSL Mode=Require;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
