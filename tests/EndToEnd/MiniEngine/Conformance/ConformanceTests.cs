using System.Collections.Immutable;
using MiniEngine;
using MiniEngine.Programs;
using MiniEngine.State;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>MiniEngine makes the same calls as the real engine in the recordings: with the same fields, and in the same order where that has a meaning.</summary>
public sealed class ConformanceTests
{
    /// <summary>What is not reproduced yet, and why.</summary>
    private static readonly ImmutableDictionary<string, string> NotYet = ImmutableDictionary<string, string>.Empty;

    public static TheoryData<string> Names => [.. Cases.All.Select(@case => @case.Name)];

    [Fact]
    public void Every_recording_is_tried()
    {
        var recordings = Directory.GetFiles(RecordedCall.Folder, "*.jsonl").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(recordings.Order(), Cases.All.Select(@case => @case.Name).Order());
        Assert.Empty(NotYet.Keys.Except(Cases.All.Select(@case => @case.Name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_calls_are_those_of_the_real_engine(string name)
    {
        var differences = await FindAsync(Cases.All.Single(@case => @case.Name == name));
        if (NotYet.TryGetValue(name, out var reason))
            Assert.True(differences.Count > 0, $"{name} is reproduced now. Take it off the list ({reason}).");
        else
            Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static async Task<List<string>> FindAsync(Case @case)
    {
        var calls = RecordedCall.Load(@case.Name);
        var differences = new List<string>();
        for (var phase = 1; phase <= @case.Phases.Length; phase++)
        {
            var folder = Directory.CreateTempSubdirectory("minien-");
            try
            {
                var own = Path.Combine(RecordedCall.Folder, $"{@case.Name}.{phase}.yaml");
                File.Copy(File.Exists(own) ? own : Path.Combine(RecordedCall.Folder, $"{@case.Name}.yaml"), Path.Combine(folder.FullName, "Pulumi.yaml"));
                differences.AddRange(await FindAsync(@case, calls, phase, folder.FullName));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        return differences;
    }

    private static async Task<IEnumerable<string>> FindAsync(Case @case, IReadOnlyList<RecordedCall> calls, int phase, string folder)
    {
        var project = ProjectReader.Read(folder);
        var past = Directory.GetFiles(RecordedCall.Folder, $"{@case.Name}.?.yaml") is [] ? calls : calls.Where(call => call.Phase == phase);
        new StateFile(folder, "dev", Vault.Of("open sesame")).Save(new RecordedState(@case, phase, project, [.. past]).Build());

        using var cancel = new CancellationTokenSource();
        var recorded = Phase(@case, calls, phase);
        var replayed = new ReplayedProvider(recorded, call =>
        {
            if (call.ToString().EndsWith($" {@case.Interrupted}", StringComparison.Ordinal))
                cancel.Cancel();
        });
        var stack = new MiniStack(folder, new StackOptions
        {
            SkipPreview = true,
            Parallel = 51,
            InProcess = _ => replayed,
            Environment = ImmutableSortedDictionary<string, string?>.Empty.Add("PULUMI_CONFIG_PASSPHRASE", "open sesame").Add("PULUMI_DEBUG_PROVIDERS", @case.Attached ? "pgfleet:1" : null),
        });
        if (@case.Configured is var (key, value))
            await stack.ConfigureAsync(key, value);
        await @case.Phases[phase - 1](stack, cancel.Token);
        var needed = Closure(project);
        return new Differences(@case, recorded, replayed, (one, other) => needed.GetValueOrDefault(one)?.Contains(other) is true).Find()
            .Select(difference => $"Phase {phase}: {difference}");
    }

    /// <summary>An import is two engines in succession, in one run.</summary>
    private static ImmutableArray<RecordedCall> Phase(Case @case, IReadOnlyList<RecordedCall> calls, int phase)
    {
        var first = calls.Count(call => call.Phase == 1);
        return @case.Phases.Length >= calls[^1].Phase
            ? [.. calls.Where(call => call.Phase == phase)]
            : [.. calls.Select(call => call.Phase == 1 ? call : call with { Ended = first + call.Ended })];
    }

    /// <summary>All dependencies of a resource by name, and its provider.</summary>
    private static Dictionary<string, HashSet<string>> Closure(Project project)
    {
        var needed = project.Resources.ToDictionary(resource => resource.Name, resource => resource.Names.Append(resource.Options.Provider ?? (resource.ProviderOf is null ? "default" : "")).ToHashSet());
        foreach (var _ in project.Resources)
        {
            foreach (var names in needed.Values)
                names.UnionWith(names.ToArray().SelectMany(name => needed.GetValueOrDefault(name) ?? []));
        }
        return needed;
    }
}
