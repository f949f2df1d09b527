using MiniEngine;
using Npgsql;

namespace PgFleet.EndToEnd;

/// <summary>A user's operations on a stack, with real servers.</summary>
public sealed class StackTests
{
    [Fact]
    [Trait("Requirement", "R7")]
    [Trait("Requirement", "R8")]
    public async Task A_preview_makes_nothing_an_up_makes_all_and_a_second_one_nothing()
    {
        await using var work = new Workplace();
        work.Write(
            Workplace.Instance() + Workplace.Database("orders", "connection: ${main.connectionUri}") + Workplace.Database("stock"),
            "orders: ${orders.connectionUri}\nstock: ${stock.connectionUri}");

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.Create, Op.Create, Op.Create], preview.Steps.Where(step => step.Type.StartsWith("pgfleet", StringComparison.Ordinal)).Select(step => step.Op));
        Assert.False(Directory.Exists(work.Home));

        var up = await work.UpAsync();
        Assert.Equal("main/orders", up["orders"].Id);
        var (orders, stock) = ((string)up.Outputs["orders"]!, (string)up.Outputs["stock"]!);
        Assert.Contains("orders", up.SecretOutputs);
        Assert.DoesNotContain(Workplace.Password, stock, StringComparison.Ordinal);
        await Workplace.ScalarAsync(orders, "create table lamps (id int)");
        Assert.Equal(true, await Workplace.ScalarAsync(orders, "select to_regclass('lamps') is not null"));
        Assert.Equal(true, await Workplace.ScalarAsync(stock, "select to_regclass('lamps') is null", Workplace.Password));

        var again = await work.UpAsync();
        Assert.All(again.Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    [Trait("Requirement", "R8")]
    public async Task Taking_one_database_out_leaves_the_other_and_the_server()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders") + Workplace.Database("stock"), "stock: ${stock.connectionUri}");
        await work.UpAsync();
        work.Write(Workplace.Instance() + Workplace.Database("stock"), "stock: ${stock.connectionUri}");
        var up = await work.UpAsync();
        Assert.Equal([Op.Delete], up.StepsOf("orders"));
        Assert.Equal("stock", await Workplace.ScalarAsync((string)up.Outputs["stock"]!, "select string_agg(datname, ',') from pg_database where datname in ('orders', 'stock')", Workplace.Password));
    }

    [Fact]
    public async Task A_preview_warns_that_its_update_takes_over_what_was_made_by_hand_under_the_name()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders"), "server: ${main.connectionUri}");
        var server = (string)(await work.UpAsync()).Outputs["server"]!;
        await Workplace.ScalarAsync(server, "drop database orders");
        await Workplace.ScalarAsync(server, "create database orders");
        work.Write(Workplace.Instance() + Workplace.Database("orders", "connectionLimit: 7"));

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.Update], preview.StepsOf("orders"));
        Assert.StartsWith("What is \"main/orders\" now is another Database than the one that the state knew", Warning(preview), StringComparison.Ordinal);
        Assert.EndsWith("This resource has taken it over.", Warning(await work.UpAsync()), StringComparison.Ordinal);
        Assert.DoesNotContain((await work.UpAsync()).Diagnostics, said => said.Severity == Severity.Warning);

        static string Warning(StackResult result) => Assert.Single(result.Diagnostics, said => said.Severity == Severity.Warning).Message;
    }

    [Fact]
    public async Task A_rename_is_previewed_as_a_replacement_that_says_what_is_lost_and_the_new_server_comes_first()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders"), "port: ${main.port}");
        var before = await work.UpAsync();
        work.Write(Workplace.Instance(name: "primary") + Workplace.Database("orders"), "port: ${main.port}");

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], preview.StepsOf("main"));
        var warning = Assert.Single(preview.Diagnostics, diagnostic => diagnostic.Severity == Severity.Warning && diagnostic.Urn?.Name == "main");
        Assert.Contains("\"orders\"", warning.Message, StringComparison.Ordinal);
        Assert.Contains("\"main\"", warning.Message, StringComparison.Ordinal);

        var up = await work.UpAsync();
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], up.StepsOf("main"));
        Assert.Equal("primary/orders", up["orders"].Id);
        Assert.NotEqual((double)before.Outputs["port"]!, (double)up.Outputs["port"]!);
        Assert.False(Directory.Exists(Path.Combine(work.Home, "instances", "main")));
    }

    [Fact]
    public async Task A_user_s_own_port_is_freed_before_the_new_server_takes_it()
    {
        await using var work = new Workplace();
        var port = FreePort.Find();
        work.Write(Workplace.Instance($"port: {port}") + Workplace.Database("orders"));
        await work.UpAsync();
        work.Write(Workplace.Instance($"port: {port}", name: "primary") + Workplace.Database("orders"));
        var up = await work.UpAsync();
        Assert.Equal([Op.DeleteReplaced, Op.CreateReplacement], up.StepsOf("main"));
        Assert.Equal(port, (double)up["main"].Outputs["port"]!);
    }

    [Fact]
    [Trait("Requirement", "R32")]
    public async Task A_protected_server_is_neither_replaced_nor_destroyed_until_an_update_of_its_own_allows_it()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance(isProtected: true));
        await work.UpAsync();
        work.Write(Workplace.Instance(name: "primary"));
        var refused = await work.Stack.PreviewAsync();
        Assert.False(refused.Succeeded);
        Assert.Contains("protected", Workplace.Told(refused), StringComparison.Ordinal);
        Assert.False((await work.Stack.DestroyAsync()).Succeeded);
        work.Write(Workplace.Instance());
        await work.UpAsync();
        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.Home, "instances")));
    }

    [Fact]
    public async Task A_refresh_finds_drift_and_a_second_one_finds_none()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders", "connectionLimit: 20"), "uri: ${main.connectionUri}");
        var up = await work.UpAsync();
        await using (var connection = await Workplace.ConnectAsync((string)up.Outputs["uri"]!))
        await using (var command = new NpgsqlCommand("alter database orders connection limit 7", connection))
        {
            await command.ExecuteNonQueryAsync();
        }
        var found = Workplace.Succeeded(await work.Stack.RefreshAsync());
        Assert.Equal([Op.Update], found.StepsOf("orders"));
        Assert.Equal(7, (double)found["orders"].Outputs["connectionLimit"]!);
        var again = Workplace.Succeeded(await work.Stack.RefreshAsync());
        Assert.Equal([Op.Same], again.StepsOf("orders"));
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("orders"));
        Assert.Equal(20, await Workplace.ScalarAsync((string)up.Outputs["uri"]!, "select datconnlimit from pg_database where datname = 'orders'"));
    }

    [Fact]
    public async Task A_server_stopped_by_hand_is_found_and_mended_in_place()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance(), "uri: ${main.connectionUri}");
        var up = await work.UpAsync();
        await Processes.EndServersAsync(work.Folder);
        var found = Workplace.Succeeded(await work.Stack.RefreshAsync());
        Assert.Equal("stopped", (string)found["main"].Outputs["status"]!);
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("main"));
        Assert.Equal(1, await Workplace.ScalarAsync((string)up.Outputs["uri"]!, "select 1"));
    }

    [Fact]
    public async Task A_lost_data_directory_is_never_taken_for_gone()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance(isProtected: true));
        await work.UpAsync();
        await Processes.EndServersAsync(work.Folder);
        Directory.Delete(Path.Combine(work.Home, "instances", "main", "data"), recursive: true);
        var found = Workplace.Succeeded(await work.Stack.RefreshAsync());
        Assert.Equal("lost", (string)found["main"].Outputs["status"]!);
        var up = await work.Stack.UpAsync();
        Assert.False(up.Succeeded);
        Assert.Contains("RestoredInstance", Workplace.Told(up), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(work.Home, "instances", "main", "archive", "wal")));
    }

    [Fact]
    public async Task What_exists_already_is_imported_and_nothing_is_planned_for_it()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance("parameters: { work_mem: 8MB }") + Workplace.Database("orders"));
        await work.UpAsync();
        var other = work.OpenStack("other");
        var instance = Workplace.Succeeded(await other.ImportAsync("pgfleet:index:DatabaseInstance", "main", "main"));
        Assert.DoesNotContain(Workplace.Password, instance.Program!, StringComparison.Ordinal);
        Workplace.Succeeded(await other.ImportAsync("pgfleet:index:Database", "orders", "main/orders"));
        var up = Workplace.Succeeded(await other.UpAsync());
        // The password cannot be read back, so it is set again; nothing else changes.
        Assert.Equal([Op.Update], up.StepsOf("main"));
        Assert.Equal([Op.Same], up.StepsOf("orders"));
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task A_database_on_a_server_that_does_not_exist_fails_at_preview_naming_it()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Database("orders", instance: "nowhere"));
        var preview = await work.Stack.PreviewAsync();
        Assert.False(preview.Succeeded);
        Assert.Contains("\"nowhere\"", Workplace.Told(preview), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R11")]
    [Trait("Requirement", "R12")]
    public async Task Functions_list_the_fleet_and_an_unknown_name_is_an_error_that_creates_nothing()
    {
        await using var work = new Workplace();
        const string Variables = """
            all:
              fn::invoke:
                function: pgfleet:index:listInstances
                arguments: {}
            one:
              fn::invoke:
                function: pgfleet:index:getInstance
                arguments: { name: main }
            """;
        work.Write(Workplace.Instance());
        await work.UpAsync();
        work.Write(Workplace.Instance(), "name: ${all.instances[0].name}\nstatus: ${one.status}\nuser: ${one.username}", Variables);
        var up = await work.UpAsync();
        Assert.Equal(["main", "available", "shopkeeper"], new[] { "name", "status", "user" }.Select(output => (string)up.Outputs[output]!));
        work.Write(Workplace.Instance(), "status: ${one.status}", Variables.Replace("name: main", "name: man", StringComparison.Ordinal));
        var failed = await work.Stack.PreviewAsync();
        Assert.False(failed.Succeeded);
        Assert.Contains("There is no instance \"man\". This fleet has \"main\".", Workplace.Told(failed), StringComparison.Ordinal);
    }
}
