using MiniEngine;

namespace PgFleet.EndToEnd.Kept;

public sealed class RestoreTests(KeptHome kept) : IClassFixture<KeptHome>
{
    [Fact]
    [Trait("Requirement", "R21")]
    public async Task An_instant_of_every_archive_of_0_1_0_is_restored_exactly()
    {
        // The first instant of each server; for the one with two base backups, also one after the second.
        var instants = kept.Release.Seen.GroupBy(seen => seen.Server).Select(seen => seen.First())
            .Append(kept.Release.Seen.Single(seen => seen.Lamps.Contains("after the second backup", StringComparison.Ordinal)))
            .Select((seen, index) => (Seen: seen, Name: $"copy_{index}")).ToList();
        Assert.Equal(5, instants.Count);
        var project = Directory.CreateDirectory(Path.Combine(kept.Work.Folder, "copies")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "Pulumi.yaml"), $$"""
            name: copies
            runtime: yaml
            plugins:
              providers:
                - name: pgfleet
                  path: {{Repository.Programs}}
            resources:
            {{string.Join('\n', instants.Select(instant => $$"""
              {{instant.Name}}:
                type: pgfleet:index:RestoredInstance
                properties: { name: {{instant.Name}}, sourceInstance: {{instant.Seen.Server}}, restoreTime: "{{instant.Seen.Instant}}" }
            """))}}
            """);

        var up = Workplace.Succeeded(await kept.OpenStack(project).UpAsync());

        foreach (var (seen, name) in instants)
        {
            Assert.Equal([Op.Create], up.StepsOf(name));
            Assert.Equal(seen.Lamps, await kept.LampsAsync(name, seen.Database));
        }
    }
}
