using System.Globalization;
using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Restores as a user declares them.</summary>
[Trait("Requirement", "R21")]
public sealed class RestoreTests
{
    [Fact]
    [Trait("Requirement", "R22")]
    public async Task A_restore_brings_back_the_rows_and_is_never_judged_again()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone"), Outputs);
        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.Create], preview.StepsOf("undone"));
        Assert.False(Directory.Exists(Path.Combine(work.Home, "instances", "undone")));

        var up = await work.UpAsync();

        Assert.Equal(1L, await CountAsync(up, "undone"));
        Assert.Equal(0L, await CountAsync(up, "main"));
        Assert.Equal("undone", up["undone"].Id);
        Assert.Equal("shopkeeper", (string)up["undone"].Outputs["username"]!);
        Assert.True(DateTimeOffset.Parse((string)up["undone"].Outputs["restoredTo"]!, CultureInfo.InvariantCulture) <= then);
        Assert.Equal(2, (double)up["undone"].Outputs["timeline"]!);

        // Much later: the instant is outside the window and spelled differently, and the source is gone.
        work.Write(Source("backup: { retention: 1s }") + Restored(Text(then), "name: undone"), Outputs);
        await work.UpAsync();
        work.Write(Source("backup: { retention: 1s }") + Restored(then.ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture), "name: undone"), Outputs);
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
        Assert.All(Workplace.Succeeded(await work.Stack.RefreshAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
        work.Write(Restored(Text(then), "name: undone", source: "main"));
        Assert.Equal([Op.Same], (await work.UpAsync()).StepsOf("undone"));
        Assert.Equal([Op.Same], (await work.UpAsync()).StepsOf("undone"));
        Assert.Equal(["undone"], Directory.GetDirectories(Path.Combine(work.Home, "instances")).Select(Path.GetFileName));
    }

    [Fact]
    [Trait("Requirement", "R25")]
    public async Task Every_instant_that_cannot_be_restored_is_refused_in_the_preview_with_the_window()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        foreach (var (instant, why) in new[]
        {
            (Text(then.AddDays(-1)), "is too early"),
            (Text(then.AddDays(1)), "is in the future"),
            ("yesterday", "does not fit: write an instant with its zone"),
            ("2026-11-22T10:00:00", "has no zone"),
            ("2026-02-30T10:00:00Z", "is no date and time of the calendar"),
        })
        {
            work.Write(Source() + Restored(instant, source: "main"));
            var preview = await work.Stack.PreviewAsync();
            Assert.False(preview.Succeeded, instant);
            Assert.Contains(why, Workplace.Told(preview), StringComparison.Ordinal);
            Assert.Contains("The window of \"main\" reaches from", Workplace.Told(preview), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_name_of_one_s_own_the_new_restore_is_proven_before_the_old_one_goes()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        var later = DateTimeOffset.UtcNow;
        work.Write(Source() + Restored(Text(then), "name: undone"), Outputs);
        var first = await work.UpAsync();

        work.Write(Source() + Restored(Text(then.AddDays(-1)), "name: undone"), Outputs);
        var refused = await work.Stack.UpAsync();
        Assert.False(refused.Succeeded);
        Assert.Contains("is too early", Workplace.Told(refused), StringComparison.Ordinal);
        Assert.Equal(1L, await CountAsync(first, "undone"));

        work.Write(Source() + Restored(Text(later), "name: undone"), Outputs);
        var up = await work.UpAsync();
        Assert.Equal([Op.DeleteReplaced, Op.CreateReplacement], up.StepsOf("undone"));
        Assert.Equal(0L, await CountAsync(up, "undone"));
    }

    [Fact]
    public async Task With_a_chosen_name_the_new_restore_is_made_first()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        work.Write(Source() + Restored(Text(then)), Outputs);
        await work.UpAsync();
        work.Write(Source() + Restored("latest"), Outputs);
        var up = await work.UpAsync();
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], up.StepsOf("undone"));
        Assert.Equal(0L, await CountAsync(up, "undone"));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    public async Task A_source_that_is_replaced_does_not_drag_its_restores_along()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone"), Outputs);
        await work.UpAsync();
        work.Write(Source(name: "anew") + Restored(Text(then), "name: undone"), Outputs);

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], preview.StepsOf("main"));
        Assert.DoesNotContain(Op.CreateReplacement, preview.StepsOf("undone"));
        var up = await work.UpAsync();
        Assert.DoesNotContain(Op.CreateReplacement, up.StepsOf("undone"));
        Assert.Equal(1L, await CountAsync(up, "undone"));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    public async Task A_database_moves_to_the_restored_server_with_its_rows_and_the_original_goes()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone", source: "${main.id}"), Outputs);
        await work.UpAsync();

        work.Write(
            Workplace.Instance() + Restored(Text(then), "name: undone") + Workplace.Database("orders", "connection: ${undone.connectionUri}", "${undone.id}"), "orders: ${orders.connectionUri}");
        var moved = await work.UpAsync();
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], moved.StepsOf("orders"));
        Assert.Equal(1L, await Workplace.ScalarAsync((string)moved.Outputs["orders"]!, "select count(*) from lamps"));

        work.Write(Restored(Text(then), "name: undone", source: "main") + Workplace.Database("orders", "connection: ${undone.connectionUri}", "${undone.id}"), "orders: ${orders.connectionUri}");
        var left = await work.UpAsync();
        Assert.Equal([Op.Delete], left.StepsOf("main"));
        Assert.Equal(1L, await Workplace.ScalarAsync((string)left.Outputs["orders"]!, "select count(*) from lamps"));
    }

    [Fact]
    public async Task A_lost_server_that_may_go_holds_up_neither_its_restore_nor_its_databases()
    {
        await using var work = new Workplace();
        await BeginAsync(work);
        await work.PgFleetAsync("stop", "main");
        Directory.Delete(Path.Combine(work.Home, "instances", "main", "data"), recursive: true);
        await work.Stack.RefreshAsync();

        work.Write(Workplace.Instance() + Restored("latest", "name: undone") + Workplace.Database("orders", "onDelete: retain"));
        var restored = await work.UpAsync();
        Assert.Equal([Op.Create], restored.StepsOf("undone"));
        Assert.Contains("The data of instance \"main\" are missing", Workplace.Told(restored), StringComparison.Ordinal);

        work.Write(Restored("latest", "name: undone", source: "main") + Workplace.Database("orders", instance: "${undone.id}"), "undone: ${undone.connectionUri}");
        var moved = await work.UpAsync();
        Assert.Equal([Op.Delete], moved.StepsOf("main"));
        Assert.Equal(1L, await CountAsync(moved, "undone"));
    }

    [Fact]
    public async Task A_restore_is_imported_by_its_name_alone_and_nothing_is_planned_for_it()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone", password: false));
        await work.UpAsync();
        var other = work.OpenStack("other");
        var import = Workplace.Succeeded(await other.ImportAsync("pgfleet:index:RestoredInstance", "undone", "undone"));
        Assert.Contains(Text(then), import.Program!, StringComparison.Ordinal);
        work.Write(Restored(Text(then), "name: undone", source: "main", password: false));
        Assert.Equal([Op.Same], Workplace.Succeeded(await other.UpAsync()).StepsOf("undone"));
        Assert.False((await other.ImportAsync("pgfleet:index:RestoredInstance", "main", "main")).Succeeded);
    }

    [Fact]
    public async Task The_window_can_be_asked_for_in_a_program()
    {
        await using var work = new Workplace();
        await BeginAsync(work);
        work.Write(
            Source(),
            "earliest: ${window.earliest}\nlatest: ${window.latest}\nbytes: ${window.backups[0].bytes}",
            """
            window:
              fn::invoke:
                function: pgfleet:index:getRecoveryWindow
                arguments: { name: main }
            """);
        var up = await work.UpAsync();
        Assert.True(string.CompareOrdinal((string)up.Outputs["earliest"]!, (string)up.Outputs["latest"]!) < 0);
        Assert.True((double)up.Outputs["bytes"]! > 1 << 20);
    }

    [Theory]
    [InlineData("building.*")]
    [InlineData("data/recovery.signal")]
    [InlineData("archive/backups")]
    public async Task A_provider_that_is_killed_on_the_way_leaves_what_the_next_up_finishes(string reached)
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone"), Outputs);
        var up = work.Stack.UpAsync();
        var folder = Path.Combine(work.Home, "instances", "undone");
        while (!Workplace.Has(Path.Combine(folder, reached)))
        {
            Assert.False(up.IsCompleted, "The up ended before its provider could be killed.");
            await Task.Delay(1);
        }
        work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        Assert.False((await up).Succeeded);

        var finished = await work.UpAsync();

        Assert.Equal(1L, await CountAsync(finished, "undone"));
        Assert.Equal(
            ["archive", "ca.key", "conf", "data", "log", "record.json", "socket"],
            Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    public async Task A_restore_that_meets_its_deadline_is_finished_by_the_next_up()
    {
        await using var work = new Workplace();
        var then = await BeginAsync(work);
        await ForgetAsync(work);
        work.Write(Source() + Restored(Text(then), "name: undone") + "\n  options: { customTimeouts: { create: 300ms } }", Outputs);
        var late = await work.Stack.UpAsync();
        Assert.False(late.Succeeded);
        Assert.Contains("did not end within 0.3 s; it was at: ", Workplace.Told(late), StringComparison.Ordinal);

        work.Write(Source() + Restored(Text(then), "name: undone"), Outputs);
        var finished = await work.UpAsync();

        Assert.Equal(1L, await CountAsync(finished, "undone"));
    }

    private const string Outputs = "main: ${main.connectionUri}\nundone: ${undone.connectionUri}";

    private static string Source(string more = "", string name = "main") => Workplace.Instance(more, name) + Workplace.Database("orders");

    private static string Restored(string instant, string more = "", string source = "${main.id}", bool password = true) => $$"""

        undone:
          type: pgfleet:index:RestoredInstance
          properties:
            sourceInstance: {{source}}
            restoreTime: "{{instant}}"
            {{(password ? "password: ${password}" : "")}}
            {{more}}
        """;

    /// <summary>Creates a server with a database and a row.</summary>
    /// <returns>An instant at which the row existed.</returns>
    private static async Task<DateTimeOffset> BeginAsync(Workplace work)
    {
        work.Write(Source(), "main: ${main.connectionUri}");
        var up = await work.UpAsync();
        await RunAsync(up, "create table lamps (id int); insert into lamps values (1)");
        return DateTimeOffset.UtcNow;
    }

    private static async Task ForgetAsync(Workplace work) => await RunAsync(await work.UpAsync(), "delete from lamps");

    private static Task RunAsync(StackResult up, string sql) =>
        Workplace.ScalarAsync(((string)up.Outputs["main"]!).Replace("/postgres?", "/orders?", StringComparison.Ordinal), sql);

    private static async Task<long> CountAsync(StackResult up, string server) =>
        (long)(await Workplace.ScalarAsync(((string)up.Outputs[server]!).Replace("/postgres?", "/orders?", StringComparison.Ordinal), "select count(*) from lamps"))!;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
