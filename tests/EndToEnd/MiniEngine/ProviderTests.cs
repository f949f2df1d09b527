using System.Diagnostics;
using System.Globalization;
using MiniEngine;
using MiniEngine.Providers;
using MiniEngine.Values;
using Pulumirpc;
using static Pulumirpc.DiffResponse.Types;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class ProviderTests
{
    [Fact]
    public async Task A_provider_that_does_not_end_is_killed_and_what_it_started_in_a_session_of_its_own_lives_on()
    {
        var folder = Directory.CreateTempSubdirectory("minien-");
        var program = Path.Combine(folder.FullName, "deaf");
        await File.WriteAllTextAsync(program, "#!/bin/sh\ntrap '' INT\necho $$ >own\nsetsid sleep 60 >/dev/null 2>&1 &\necho $! >server\necho 1234\nwhile :; do sleep 1; done\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        var provider = await ProviderProcess.StartAsync(program, "127.0.0.1:1", folder.FullName, new Dictionary<string, string?>());
        await provider.DisposeAsync();

        var server = (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "server"))).Trim();
        Assert.Contains("sleep", await File.ReadAllTextAsync($"/proc/{server}/cmdline"), StringComparison.Ordinal);
        Processes.Send(Signal.Kill, $"/proc/{server}");
        var own = (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "own"))).Trim();
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{own}"), "the provider itself has ended");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_default_provider_is_configured_with_the_stacks_texts()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        await fake.Stack.ConfigureAsync("fake:port", "42");
        await fake.Stack.ConfigureAsync("fake:token", "hush", secret: true);
        await fake.UpAsync();
        var configured = fake.Provider.Configured.Last();
        Assert.Equal("42", configured.Args.Fields["port"].StringValue);
        Assert.Equal(WireNames.Secret, configured.Args.Fields["token"].StructValue.Fields[WireNames.Signature].StringValue);
        Assert.Equal("urn:pulumi:dev::shop::pulumi:providers:fake::default", configured.Urn);
        Assert.DoesNotContain("hush", fake.StateText, StringComparison.Ordinal);
    }

    private static string Explicit(int number) => $$"""
        resources:
          mine: { type: "pulumi:providers:fake", properties: { home: { nested: {{number}} } } }
          a: { type: "fake:Thing", properties: { x: 1 }, options: { provider: "${mine}" } }
        """;

    [Fact]
    public async Task A_change_of_an_explicit_provider_touches_none_of_its_resources()
    {
        await using var fake = await FakeStack.StartAsync(Explicit(1));
        var first = await fake.UpAsync();
        var up = await fake.UpAsync(Explicit(2));
        Assert.Equal([Op.Update], up.StepsOf("mine"));
        Assert.Equal([Op.Same], up.StepsOf("a"));
        Assert.Equal(first["mine"].Id, up["mine"].Id);
        Assert.Equal(2, fake.Provider.Configured.Last().Args.Fields["home"].StructValue.Fields["nested"].NumberValue);
    }

    [Fact]
    public async Task A_replaced_provider_replaces_its_resources_and_the_old_one_deletes_them()
    {
        await using var fake = await FakeStack.StartAsync(Explicit(1));
        var first = await fake.UpAsync();
        fake.Provider.OnDiffConfig = _ => new() { Changes = DiffChanges.DiffSome, Replaces = { "home" } };
        var up = await fake.UpAsync(Explicit(2));
        Assert.Equal(["Create a", "Delete a"], fake.RealCalls);
        Assert.NotEqual(first["mine"].Id, up["mine"].Id);
        var last = fake.Provider.Configured.Last();
        Assert.Equal((first["mine"].Id, 1), (last.Id, last.Args.Fields["home"].StructValue.Fields["nested"].NumberValue));
        Assert.Equal(2, up.Resources.Length);
    }

    [Fact]
    public async Task A_provider_whose_configuration_is_unknown_is_answered_for()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing" }
              mine: { type: "pulumi:providers:fake", properties: { home: "${a.id}" } }
              b: { type: "fake:Thing", properties: { x: "${a.made}" }, options: { provider: "${mine}" } }
            outputs:
              got: ${b.anything}
            """);
        var preview = await fake.Stack.PreviewAsync();
        Assert.True(preview.Succeeded);
        Assert.Single(fake.Provider.Configured);
        Assert.Equal(["(Create a)"], fake.Provider.Calls);
        Assert.Equal("[unknown]", preview.Outputs["got"]!.GetValue<string>());
    }

    [Fact]
    public async Task Autonaming_reaches_the_provider_only_when_it_is_configured()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        var asked = new List<CheckRequest.Types.AutonamingOptions?>();
        fake.Provider.OnCheck = request =>
        {
            asked.Add(request.Autonaming);
            return new() { Inputs = request.News };
        };
        await fake.Stack.PreviewAsync();
        await fake.Stack.ConfigureAsync("pulumi:autonaming", """{"pattern":"${project}-${name}-${hex(3)}","enforce":true}""");
        await fake.Stack.PreviewAsync();
        Assert.Null(asked[0]);
        Assert.Equal(CheckRequest.Types.AutonamingOptions.Types.Mode.Enforce, asked[1]!.Mode);
        Assert.Matches("^shop-a-[0-9a-f]{3}$", asked[1]!.ProposedName);
    }

    [Fact]
    public async Task What_a_provider_logs_belongs_to_its_resource_and_an_error_is_final()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing" }
              b: { type: "fake:Thing", options: { dependsOn: [ "${a}" ] } }
            """);
        fake.Provider.OnCreate = async request =>
        {
            if (request.Preview)
                return new();
            using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://{fake.Provider.EngineAddress}");
            var engine = new Engine.EngineClient(channel);
            await engine.LogAsync(new() { Severity = LogSeverity.Info, Urn = request.Urn, Message = "half way", Ephemeral = true });
            await engine.LogAsync(new() { Severity = LogSeverity.Warning, Urn = request.Urn, Message = "careful" });
            await engine.LogAsync(new() { Severity = LogSeverity.Error, Message = "stop" });
            return fake.Provider.Make(request);
        };
        var up = await fake.Stack.UpAsync();
        Assert.False(up.Succeeded);
        Assert.Equal([(Severity.Warning, "a", "careful"), (Severity.Error, null, "stop")], up.Diagnostics.Select(said => (said.Severity, said.Urn?.Name, said.Message)));
        Assert.Equal(["Create a"], fake.RealCalls);
    }

    [Fact]
    public async Task A_provider_is_started_found_by_its_folder_and_ended()
    {
        await using var fake = await FakeStack.StartAsync("""
            plugins: { providers: [ { name: fake, path: bin } ] }
            resources: { a: { type: "fake:Thing" } }
            """);
        var seen = Path.Combine(fake.Folder, "seen");
        fake.WriteProvider($"""
            echo "$$ $1 $PULUMI_PROJECT $PWD" >> {seen}
            trap 'echo interrupted >> {seen}; exit 0' INT
            echo {fake.Provider.Port}
            while :; do sleep 0.1; done
            """);
        var up = await Started(fake).UpAsync();
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        var lines = File.ReadAllLines(seen);
        Assert.Equal(4, lines.Count(line => line == "interrupted"));
        foreach (var line in lines.Where(line => line != "interrupted"))
        {
            Assert.Matches($@"^\d+ 127\.0\.0\.1:\d+ shop {fake.Folder}$", line);
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("echo hello; sleep 60", "wrote an invalid port to stdout: \"hello\"")]
    [InlineData("echo no luck >&2; exit 3", "ended with exit code 3 before it wrote a port.\nno luck")]
    public async Task A_provider_that_does_not_start_is_said_so(string script, string error)
    {
        await using var fake = await FakeStack.StartAsync("""
            plugins: { providers: [ { name: fake, path: bin } ] }
            resources: { a: { type: "fake:Thing" } }
            """);
        fake.WriteProvider(script);
        Assert.Contains(error, Assert.Single((await Started(fake).PreviewAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_nowhere_is_said_so()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        Assert.StartsWith("There is no \"pulumi-resource-fake\"", Assert.Single((await Started(fake).PreviewAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_does_not_hear_Cancel_counts_as_broken()
    {
        await using var fake = await FakeStack.StartAsync("""
            plugins: { providers: [ { name: fake, path: bin } ] }
            resources: { a: { type: "fake:Thing" } }
            """);
        fake.WriteProvider($"echo last words >&2; echo {fake.Provider.Port}; sleep 60");
        fake.Provider.RefusesCancel = true;
        var errors = (await Started(fake).PreviewAsync()).Errors;
        Assert.Equal(2, errors.Count());
        Assert.All(errors, error => Assert.Matches("exited prematurely(.|\n)*last words", error));
    }

    private static MiniStack Started(FakeStack fake) =>
        new(fake.Folder, fake.Options with { Environment = fake.Options.Environment.Remove("PULUMI_DEBUG_PROVIDERS") });
}
