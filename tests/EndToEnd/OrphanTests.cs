using System.Collections.Concurrent;
using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Processes of a killed provider keep running, concurrently with the next run.</summary>
public sealed class OrphanTests
{
    private const string Restored = """

        undone:
          type: pgfleet:index:RestoredInstance
          properties: { name: undone, sourceInstance: "${main.id}", restoreTime: latest, password: "${password}" }
        """;

    [Theory]
    [InlineData("initdb", "main")]
    [InlineData("restore-backup", "undone")]
    public async Task What_a_killed_provider_left_at_work_meets_nothing_of_the_next_up(string program, string server)
    {
        await using var work = new Workplace();
        var folder = Path.Combine(work.Home, "instances", server);
        work.Write(Workplace.Instance(), "uri: ${main.connectionUri}");
        if (server == "undone")
        {
            await work.UpAsync();
            work.Write(Workplace.Instance() + Restored, "uri: ${undone.connectionUri}");
        }
        try
        {
            var killed = work.Stack.UpAsync();
            while (!work.CommandLines().Where(IsMeant).SelectMany(PlacesIn).Any(IsFilled))
            {
                Assert.False(killed.IsCompleted, $"The up ended before its {program} could be stopped.");
                await Task.Delay(1);
            }
            work.Send(Signal.Stop, IsMeant);
            work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
            Assert.False((await killed).Succeeded);
            var left = Assert.Single(work.CommandLines().Where(IsMeant).Distinct()); // a forked child has its parent's command line until it executes its own program

            var made = new ConcurrentQueue<string>();
            using var watcher = new FileSystemWatcher(folder) { EnableRaisingEvents = true };
            watcher.Created += (_, change) => made.Enqueue(change.FullPath);
            var up = await work.UpAsync();
            await Eventually.TrueAsync(() => made.Any(path => path.StartsWith(Path.Combine(folder, "building."), StringComparison.Ordinal)), "the next up has made the data");
            Assert.Empty(made.Intersect(PlacesIn(left)));

            work.Send(Signal.Continue, IsMeant);
            await Eventually.TrueAsync(() => !work.CommandLines().Any(IsMeant), $"the {program} that was left has ended");
            Assert.Equal(1, await Workplace.ScalarAsync((string)up.Outputs["uri"]!, "select 1"));
            Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
            Assert.Equal(
                ["archive", "ca.key", "conf", "data", "log", "record.json", "socket"],
                Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        }
        finally
        {
            work.Send(Signal.Kill, IsMeant);
        }

        bool IsMeant(string process) => process.Contains(program, StringComparison.Ordinal);

        // The folders that it writes to.
        string[] PlacesIn(string process) => [.. process.Split('\0').Where(argument => argument.StartsWith($"{folder}/", StringComparison.Ordinal))];

        static bool IsFilled(string place) => Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any();
    }
}
