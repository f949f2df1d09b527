using System.Globalization;
using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Provision, deploy, lose, restore, move, destroy: the complete example, and failures of its last step.</summary>
[Trait("Requirement", "R26")]
[Trait("Requirement", "R27")]
[Trait("Requirement", "R28")]
[Trait("Requirement", "R30")]
public sealed class WholeStoryTests
{
    [Fact]
    [Trait("Requirement", "R7")]
    [Trait("Requirement", "R13")]
    [Trait("Requirement", "R22")]
    [Trait("Requirement", "R29")]
    [Trait("Requirement", "R31")]
    public async Task What_a_migration_destroyed_is_restored_both_applications_move_and_the_original_goes_in_one_update()
    {
        await using var story = await Story.TellAsync();
        var moved = await story.MoveAsync();

        Assert.Equal([Op.Update], moved.StepsOf("orders"));
        Assert.Equal([Op.Update], moved.StepsOf("newsletter"));
        Assert.Equal([Op.Delete], moved.StepsOf("main"));
        await story.AnswersAsync(moved);
    }

    [Fact]
    [Trait("Requirement", "R15")]
    [Trait("Requirement", "R32")]
    public async Task A_migration_that_fails_on_the_new_server_keeps_the_original_until_it_is_mended()
    {
        await using var story = await Story.TellAsync();
        story.Write("newsletter/migrations/002-wrong.sql", "alter table nobody add column age int;");
        var failed = await story.TryMoveAsync();
        Assert.False(failed.Succeeded);
        Assert.Contains("relation \"nobody\" does not exist", Workplace.Told(failed), StringComparison.Ordinal);
        Assert.Equal(0, (await story.Work.PgFleetAsync("status", "main")).Code);

        story.Remove("newsletter/migrations/002-wrong.sql");
        var moved = await story.MoveAsync();
        Assert.Equal([Op.Delete], moved.StepsOf("main"));
        await story.AnswersAsync(moved);
    }

    [Fact]
    public async Task A_process_that_is_killed_between_the_move_and_the_end_of_the_original_leaves_what_the_next_update_finishes()
    {
        await using var story = await Story.TellAsync();
        var up = story.TryMoveAsync();
        await Eventually.TrueAsync(() => up.IsCompleted || (story.IsBoundTo("orders", "undone") && story.IsBoundTo("newsletter", "undone")), "both applications have moved");
        story.Work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(story.Work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        Assert.False((await up).Succeeded);

        await story.AnswersAsync(await story.MoveAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_original_that_somebody_removed_by_hand_holds_nothing_up(bool isRefreshed)
    {
        await using var story = await Story.TellAsync();
        await story.Work.PgFleetAsync("stop", "main");
        Directory.Delete(Path.Combine(story.Work.Home, "instances", "main"), recursive: true);
        if (isRefreshed)
        {
            await story.Work.Stack.RefreshAsync();
        }

        await story.AnswersAsync(await story.MoveAsync());
    }

    /// <summary>The example up to the point where the restored server runs beside the original.</summary>
    private sealed class Story : IAsyncDisposable
    {
        private static readonly string Example = Path.Combine(Repository.Root, "examples", "whole-story");

        public Workplace Work { get; } = new();

        public static async Task<Story> TellAsync()
        {
            var story = new Story();
            try
            {
                await story.BeginAsync();
                return story;
            }
            catch
            {
                await story.DisposeAsync();
                throw;
            }
        }

        public void Write(string file, string text) => File.WriteAllText(Path.Combine(Work.Project, file), text + "\n");

        public void Remove(string file) => File.Delete(Path.Combine(Work.Project, file));

        public bool IsBoundTo(string application, string instance) =>
            File.ReadAllText(Path.Combine(Work.Home, "applications", application, "record.json")).Contains($"\"instance\": \"{instance}\"", StringComparison.Ordinal);

        public Task<StackResult> TryMoveAsync()
        {
            Turn("3-moved.yaml");
            return Work.Stack.UpAsync();
        }

        public async Task<StackResult> MoveAsync() => Workplace.Succeeded(await TryMoveAsync());

        /// <summary>Both applications use the restored server, which is the only one left, and nothing is left to do.</summary>
        public async Task AnswersAsync(StackResult moved)
        {
            Assert.Equal("fragile", await Workplace.ScalarAsync((string)moved.Outputs["ordersUri"]!, "select note from orders"));
            Assert.Equal("ada@example.com", await Workplace.ScalarAsync((string)moved.Outputs["newsletterUri"]!, "select address from readers"));
            Assert.Equal(["undone"], Directory.GetDirectories(Path.Combine(Work.Home, "instances")).Select(Path.GetFileName));
            Assert.Contains("\"applications\":[\"newsletter\",\"orders\"]", (await Work.PgFleetAsync("status", "undone", "--json")).Out, StringComparison.Ordinal);
            Assert.All((await Work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
        }

        public ValueTask DisposeAsync() => Work.DisposeAsync();

        private async Task BeginAsync()
        {
            foreach (var file in Directory.EnumerateFiles(Example, "*", SearchOption.AllDirectories).Where(file => Path.GetDirectoryName(file) != Example))
            {
                var copy = Path.Combine(Work.Project, Path.GetRelativePath(Example, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            Turn("Pulumi.yaml");
            await Work.Stack.ConfigureAsync("password", Workplace.Password, secret: true);
            var begun = await Work.UpAsync();
            var orders = (string)begun.Outputs["ordersUri"]!;
            await Workplace.ScalarAsync(orders, "insert into orders values (1, 'lamp', 'fragile')");
            await Workplace.ScalarAsync((string)begun.Outputs["newsletterUri"]!, "insert into readers values ('ada@example.com')");
            var before = (DateTime)(await Workplace.ScalarAsync(orders, "select clock_timestamp()"))!;

            Write("orders/migrations/002-tidy.sql", "alter table orders drop column note;");
            var tidied = await Work.UpAsync();
            Assert.Contains("public.orders.note is gone", Workplace.Told(tidied), StringComparison.Ordinal);

            await Work.Stack.ConfigureAsync("restoreTime", before.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            Turn("2-restored.yaml");
            var restored = await Work.UpAsync();
            Assert.Equal([Op.Same], restored.StepsOf("orders"));
            Assert.Equal("fragile", await Workplace.ScalarAsync(((string)restored.Outputs["undoneUri"]!).Replace("/postgres?", "/orders?", StringComparison.Ordinal), "select note from orders"));
        }

        private void Turn(string program) => Write("Pulumi.yaml", File.ReadAllText(Path.Combine(Example, program)).Replace("path: ../../bin", $"path: {Work.Bin}", StringComparison.Ordinal));
    }
}
