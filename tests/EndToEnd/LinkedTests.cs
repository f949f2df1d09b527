using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>A linked server in a program: one of another fleet, over TLS with a CA of its own, and a user that is not a superuser.</summary>
public sealed class LinkedTests : IAsyncLifetime
{
    private const int Failure = 1, NotAvailable = 3;

    private readonly Workplace others = new();
    private readonly Workplace work = new();
    private StackResult hosted = null!;

    private int Port => (int)(double)hosted.Outputs["port"]!;

    public async ValueTask InitializeAsync()
    {
        others.Write(
            Workplace.Instance() + Workplace.Database("theirs"),
            "port: ${main.port}\nca: ${main.caCertificate}\nuri: ${main.connectionUri}");
        hosted = await others.UpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await work.DisposeAsync();
        await others.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "R11")]
    public async Task A_linked_server_holds_databases_is_shown_and_is_forgotten_untouched()
    {
        work.Write(Legacy() + Orders(), "orders: ${orders.connectionUri}\nlegacy: ${legacy.connectionUri}\nstatus: ${legacy.status}");
        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.Create], preview.StepsOf("orders"));
        Assert.False(Directory.Exists(work.Home));
        Assert.Null(await DatabaseAsync("orders"));

        var up = await work.UpAsync();
        Assert.Equal("available", (string)up.Outputs["status"]!);
        Assert.Equal(["legacy", "orders"], up.SecretOutputs.Order());
        Assert.EndsWith($"@127.0.0.1:{Port}/postgres?sslmode=verify-full", (string)up.Outputs["legacy"]!, StringComparison.Ordinal);
        Assert.Equal("8MB", await Workplace.ScalarAsync((string)up.Outputs["orders"]!, "show work_mem"));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
        Assert.All(Workplace.Succeeded(await work.Stack.RefreshAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        Assert.Matches($"legacy +available .* 127.0.0.1:{Port} +shopkeeper .* linked\n", (await work.PgFleetAsync("list")).Out);
        Assert.Contains("\"linked\":true", (await work.PgFleetAsync("status", "legacy", "--json")).Out, StringComparison.Ordinal);

        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Equal("This fleet has no servers.\n", (await work.PgFleetAsync("list")).Out);
        Assert.Null(await DatabaseAsync("orders"));
        Assert.Equal("theirs", await DatabaseAsync("theirs"));
    }

    [Fact]
    [Trait("Requirement", "R20")]
    public async Task Recovery_is_refused_at_preview_and_so_are_the_verbs_that_need_it()
    {
        work.Write(Legacy());
        await work.UpAsync();
        work.Write(Legacy() + """

            undone:
              type: pgfleet:index:RestoredInstance
              properties: { name: undone, sourceInstance: legacy, restoreTime: latest }
            """);
        var preview = await work.Stack.PreviewAsync();
        Assert.False(preview.Succeeded);
        Assert.Contains("sourceInstance: \"legacy\" is linked, and recovery is not available for linked servers", Workplace.Told(preview), StringComparison.Ordinal);

        foreach (var verb in (string[])["window", "start", "stop"])
        {
            var (code, _, error) = await work.PgFleetAsync(verb, "legacy");
            Assert.Equal(Failure, code);
            Assert.StartsWith("\"legacy\" is linked: ", error, StringComparison.Ordinal);
        }
        work.Write(Legacy(), "earliest: ${window.earliest}", "window:\n  fn::invoke:\n    function: pgfleet:index:getRecoveryWindow\n    arguments: { name: legacy }");
        Assert.Contains("\"legacy\" is linked: ", Workplace.Told(await work.Stack.PreviewAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_one_servers_whoever_runs_it()
    {
        work.Write(Legacy());
        await work.UpAsync();
        work.Write(Legacy() + "\n" + Workplace.Instance(name: "legacy"));
        Assert.Contains("\"legacy\" is declared by urn:pulumi:dev::shop::pgfleet:index:LinkedInstance::legacy already", Workplace.Told(await work.Stack.PreviewAsync()), StringComparison.Ordinal);
        var other = work.OpenStack("other");
        work.Write(Workplace.Instance(name: "legacy"));
        Assert.Contains("name: \"legacy\" is the name of a linked server. Choose another name.", Workplace.Told(await other.PreviewAsync()), StringComparison.Ordinal);
        work.Write(Legacy());
        Assert.Contains("pulumi import pgfleet:index:LinkedInstance legacy legacy", Workplace.Told(await other.PreviewAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_holds_up_no_refresh_and_is_found_again()
    {
        work.Write(Legacy() + Orders(), "status: ${legacy.status}");
        await work.UpAsync();
        await others.PgFleetAsync("stop", "main");

        var refresh = Workplace.Succeeded(await work.Stack.RefreshAsync());
        Assert.Equal("unreachable", (string)refresh["legacy"].Outputs["status"]!);
        Assert.Equal("legacy/orders", refresh["orders"].Id);
        Assert.Equal(NotAvailable, (await work.PgFleetAsync("status", "legacy")).Code);
        var down = await work.Stack.UpAsync();
        Assert.False(down.Succeeded);
        Assert.Contains($"host: \"127.0.0.1\", port {Port}, does not answer", Workplace.Told(down), StringComparison.Ordinal);

        await others.PgFleetAsync("start", "main");
        var up = await work.UpAsync();
        Assert.Equal([Op.Update], up.StepsOf("legacy"));
        Assert.Equal([Op.Same], up.StepsOf("orders"));
        Assert.Equal("available", (string)up.Outputs["status"]!);
    }

    [Fact]
    [Trait("Requirement", "R10")]
    public async Task A_password_is_never_reset_quoted_or_kept_anywhere_but_in_the_record()
    {
        const string Wrong = "not-the-password-5d1c";
        work.Write(Legacy());
        await work.Stack.ConfigureAsync("password", Wrong, secret: true);
        var warned = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Contains("adminPassword: ", Workplace.Told(warned), StringComparison.Ordinal);
        var refused = await work.Stack.UpAsync();
        Assert.False(refused.Succeeded);
        Assert.Contains("adminPassword: ", Workplace.Told(refused), StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, Workplace.Told(refused) + Workplace.Told(warned), StringComparison.Ordinal);
        Assert.Empty(FilesWith(Wrong));

        work.Write(Legacy("password: anything-at-all"));
        Assert.Contains("pgfleet resets no password on a linked server", Workplace.Told(await work.Stack.PreviewAsync()), StringComparison.Ordinal);

        const string Right = "rotated-by-others-8e07";
        await others.Stack.ConfigureAsync("password", Right, secret: true);
        await others.UpAsync();
        await work.Stack.ConfigureAsync("password", Right, secret: true);
        work.Write(Legacy());
        await work.UpAsync();
        Assert.Equal([Path.Combine(work.Home, "links", "legacy.json")], FilesWith(Right));
    }

    [Fact]
    public async Task What_is_linked_already_is_imported_and_nothing_is_planned_for_it()
    {
        work.Write(Legacy() + Orders());
        await work.UpAsync();
        var other = work.OpenStack("other");
        var import = Workplace.Succeeded(await other.ImportAsync("pgfleet:index:LinkedInstance", "legacy", "legacy"));
        Assert.DoesNotContain(Workplace.Password, import.Program!, StringComparison.Ordinal);
        Workplace.Succeeded(await other.ImportAsync("pgfleet:index:Database", "orders", "legacy/orders"));
        Assert.Equal([Op.Same], Workplace.Succeeded(await other.PreviewAsync()).StepsOf("legacy"));
    }

    private string Legacy(string more = "") => $$"""
        legacy:
          type: pgfleet:index:LinkedInstance
          properties:
            name: legacy
            host: 127.0.0.1
            port: {{Port}}
            adminUsername: shopkeeper
            adminPassword: ${password}
            caCertificate: "{{((string)hosted.Outputs["ca"]!).ReplaceLineEndings("\\n")}}"
            {{more}}
        """;

    private static string Orders() =>
        Workplace.Database("orders", "connection: ${legacy.connectionUri}\nsettings: { work_mem: 8MB }\nextensions: { pgcrypto: {} }", "${legacy.id}");

    private Task<object?> DatabaseAsync(string name) =>
        Workplace.ScalarAsync((string)hosted.Outputs["uri"]!, $"select datname::text from pg_database where datname = '{name}'");

    private IEnumerable<string> FilesWith(string secret) =>
        Directory.EnumerateFiles(work.Folder, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(secret, StringComparison.Ordinal));
}
