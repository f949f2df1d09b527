using System.Collections.Immutable;
using MiniEngine;
using MiniEngine.State;
using PgFleet.Histories.Places;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>The result of a run.</summary>
/// <param name="Struck">True if the planned fault occurred.</param>
internal sealed record Outcome(StackResult Result, bool Struck, bool Killed)
{
    public bool Succeeded => Result.Succeeded;

    public override string ToString() =>
        $"{(Succeeded ? "succeeded" : "failed")}{(Struck ? ", struck" : "")}: {string.Join(", ", Result.Steps.Select(step => $"{step.Op} {step.Name}{(step.Error is null ? "" : " FAILED")}"))}"
        + string.Concat(Result.Diagnostics.Where(said => said.Severity is Severity.Error or Severity.Warning).Select(said => $"\n      {said.Severity} {said.Urn?.Name}: {said.Message}"));
}

/// <summary>A stack in a folder of its own.</summary>
/// <param name="listens">True if warnings are collected.</param>
internal sealed class Driver(IPlace place, bool listens) : IDisposable
{
    private const string Dev = "dev";

    private readonly string folder = Directory.CreateTempSubdirectory("minien-").FullName;

    private string StateFile => Path.Combine(folder, ".pulumi-mini", $"{Dev}.json");

    public void Write(StackProgram program) => File.WriteAllText(Path.Combine(folder, "Pulumi.yaml"), program.Text);

    public ImmutableArray<ResourceState> Recorded => new MiniStack(folder, Options(null)).Load().Resources;

    /// <summary>Saves the state; the result restores it.</summary>
    public Action Remember()
    {
        var text = File.Exists(StateFile) ? File.ReadAllText(StateFile) : null;
        return () =>
        {
            if (text is null)
            {
                File.Delete(StateFile);
            }
            else
            {
                File.WriteAllText(StateFile, text);
            }
        };
    }

    public Task TaintAsync(string urn) => new MiniStack(folder, Options(null)).TaintAsync(urn);

    public async Task<Outcome> RunAsync(Func<IStack, RunOptions, CancellationToken, Task<StackResult>> verb, RunOptions options, Fault fault, int parallel)
    {
        using var faults = new Faults(fault);
        await using var processes = new Processes(place, faults);
        var stack = new MiniStack(folder, Options(processes) with { Parallel = parallel });
        var result = await verb(stack, options with { Kill = faults.Kill }, faults.Cancel);
        return new(result, faults.Struck, faults.Killed);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private StackOptions Options(Processes? processes) => new()
    {
        Stack = Dev,
        SkipPreview = true,
        Listens = listens,
        InProcess = processes is null ? null : processes.Start,
        Environment = ImmutableSortedDictionary<string, string?>.Empty.Add(Vault.Variable, "open sesame"),
    };
}
