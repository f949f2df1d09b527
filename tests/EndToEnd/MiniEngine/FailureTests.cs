using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MiniEngine;
using MiniEngine.State;
using MiniEngine.Values;
using Pulumirpc;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class FailureTests
{
    private const string Two = """
        resources:
          a: { type: "fake:Thing", properties: { x: 1 } }
          b: { type: "fake:Thing", properties: { after: "${a.id}" } }
        """;

    private static Func<CreateRequest, Task<CreateResponse>> Real(Func<CreateRequest, CreateResponse> create) =>
        request => Task.FromResult(request.Preview ? new() : create(request));

    [Fact]
    public async Task A_failed_creation_leaves_nothing_and_stops_what_needs_it()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(_ => throw new RpcException(new(StatusCode.AlreadyExists, "taken")));
        var up = await fake.Stack.UpAsync();
        Assert.False(up.Succeeded);
        Assert.Equal("taken", Assert.Single(up.Errors));
        Assert.Equal("taken", up.Steps.Single(step => step.Name == "a").Error);
        Assert.DoesNotContain(up.Resources, resource => resource.Name is "a" or "b");
        Assert.Empty(fake.Stack.Load().Pending);
    }

    [Theory]
    [InlineData(StatusCode.Internal, true)]
    [InlineData(StatusCode.Unknown, true)]
    [InlineData(StatusCode.DataLoss, true)]
    [InlineData(StatusCode.Unavailable, false)]
    public async Task Some_codes_leave_the_state_in_doubt(StatusCode code, bool inDoubt)
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(_ => throw new RpcException(new(code, "oh")));
        var error = Assert.Single((await fake.Stack.UpAsync()).Errors);
        Assert.Equal(inDoubt, error.EndsWith("may be corrupt)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_half_made_resource_is_recorded_and_updated_by_the_next_run()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(request =>
        {
            var made = fake.Provider.Make(request);
            throw FakeProvider.Half(made.Id, made.Properties, "first reason", "second reason");
        });
        var failed = await fake.Stack.UpAsync();
        Assert.False(failed.Succeeded);
        Assert.Equal($"first reason{Environment.NewLine}second reason", Assert.Single(failed.Errors));
        Assert.Equal(["first reason", "second reason"], failed["a"].InitErrors);
        Assert.Equal("a-1", failed["a"].Id);

        fake.Provider.OnCreate = null;
        var up = await fake.UpAsync();
        Assert.Equal(["Update a", "Create b"], fake.RealCalls);
        Assert.Empty(up["a"].InitErrors);
    }

    [Fact]
    public async Task A_half_made_update_keeps_the_old_inputs()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await fake.UpAsync();
        fake.Provider.OnUpdate = request => request.Preview
            ? Task.FromResult(new UpdateResponse())
            : throw FakeProvider.Half("ignored", new Struct { Fields = { ["made"] = Value.ForNumber(9) } }, "half way");
        fake.Write(Two.Replace("x: 1", "x: 2", StringComparison.Ordinal));
        var failed = await fake.Stack.UpAsync();
        Assert.Equal("a-1", failed["a"].Id);
        Assert.Equal(1, failed["a"].Inputs["x"]!.GetValue<double>());
        Assert.Equal(9, failed["a"].Outputs["made"]!.GetValue<double>());
    }

    [Fact]
    public async Task Details_that_contradict_the_call_are_dropped()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(_ =>
        {
            var trailers = FakeProvider.Half("a-1", new(), "lost").Trailers;
            throw new RpcException(new(StatusCode.Unavailable, "other"), trailers);
        });
        var failed = await fake.Stack.UpAsync();
        Assert.StartsWith("grpc-status-details-bin mismatch", Assert.Single(failed.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(failed.Resources, resource => resource.Name == "a");
    }

    [Theory]
    [InlineData("")]
    [InlineData(WireNames.UnknownText)]
    public async Task A_creation_without_an_id_is_an_error(string id)
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(_ => new() { Id = id });
        Assert.Contains("gave no id", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_in_the_answer_to_a_real_call_is_an_error()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = Real(_ => new() { Id = "a-1", Properties = new() { Fields = { ["x"] = Value.ForString(WireNames.UnknownText) } } });
        Assert.Contains("unknown value outside a preview", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_check_stops_the_run_before_anything_is_made()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing", properties: { x: 1 } }
              b: { type: "fake:Thing", properties: { x: { "fn::secret": hush } } }
            """);
        fake.Provider.OnCheck = request => new()
        {
            Inputs = request.News,
            Failures = { new CheckFailure { Property = "x", Reason = "it is wrong" }, new CheckFailure { Reason = "all is wrong" } },
        };
        var up = await fake.Stack.UpAsync();
        Assert.Equal(["property x value {1} has a problem: it is wrong", "all is wrong"], up.Errors);
        Assert.Empty(fake.Provider.Calls);
    }

    [Fact]
    public async Task A_failed_deletion_keeps_the_resource_and_what_it_needs()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await fake.UpAsync();
        fake.Provider.OnDelete = _ => throw new RpcException(new(StatusCode.FailedPrecondition, "in use"));
        var destroyed = await fake.Stack.DestroyAsync();
        Assert.Equal("in use", Assert.Single(destroyed.Errors));
        Assert.Equal(["a", "b"], destroyed.Resources.Select(resource => resource.Name).Where(name => name != "default").Order());
    }

    [Fact]
    public async Task What_a_killed_run_had_begun_is_warned_of_until_a_refresh()
    {
        await using var fake = await FakeStack.StartAsync("resources: {}");
        var urn = new Urn("dev", "shop", "fake:index:Thing", "a");
        new StateFile(fake.Folder, "dev", Vault.Of("")).Save(new StackState().Begun(new(urn, "creating")));
        var warning = Assert.Single((await fake.UpAsync()).Diagnostics);
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Equal(urn, warning.Urn);
        Assert.True((await fake.Stack.RefreshAsync()).Succeeded);
        Assert.Empty((await fake.UpAsync()).Diagnostics);
    }

    [Fact]
    public async Task What_is_being_made_is_recorded_as_pending()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        var during = "";
        fake.Provider.OnCreate = Real(request =>
        {
            during = fake.StateText;
            return fake.Provider.Make(request);
        });
        await fake.UpAsync();
        Assert.Contains("\"kind\": \"creating\"", during, StringComparison.Ordinal);
        Assert.DoesNotContain("creating", fake.StateText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_asks_the_provider_to_end_and_records_what_it_answers()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        using var cancel = new CancellationTokenSource();
        fake.Provider.OnCreate = async request =>
        {
            if (request.Preview)
                return new();
            fake.Provider.Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await cancel.CancelAsync();
            await fake.Provider.Cancelled.Task;
            var made = fake.Provider.Make(request);
            throw FakeProvider.Half(made.Id, made.Properties, "cancelled");
        };
        var up = await fake.Stack.UpAsync(cancel: cancel.Token);
        Assert.False(up.Succeeded);
        Assert.Equal(["cancelled"], up["a"].InitErrors);
        Assert.DoesNotContain("Create b", fake.RealCalls);
    }
}
