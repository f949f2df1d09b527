using System.Collections.Immutable;
using MiniEngine;
using MiniEngine.State;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>A command of the engine, with its options.</summary>
/// <param name="Previews">The preview that precedes it; null: there is none, for a destroy or a refresh.</param>
/// <param name="Whole">True if the whole program exists afterwards.</param>
/// <param name="Refreshes">True if the state afterwards reflects all changes by others.</param>
internal sealed record Choice(
    Func<IStack, RunOptions, CancellationToken, Task<StackResult>> Run, RunOptions Options, bool Previews = false, bool Whole = false, bool Refreshes = false, bool Destroys = false)
{
    public static Choice Up { get; } = Update(new(), whole: true);

    /// <summary>The same command again, without replacing anything twice. Null: nothing of what it named is left.</summary>
    public Choice? Again(StackProgram program, ImmutableArray<ResourceState> recorded)
    {
        var left = Options.Targets.RemoveAll(urn => recorded.All(resource => $"{resource.Urn}" != urn) && (Destroys || program.Resources.All(resource => resource.Urn != urn)));
        return left is [] && Options.Targets is not [] ? null : this with { Options = Options with { Replace = [], Targets = left } };
    }

    /// <summary>The same command with a refresh, which people run when told that something is gone.</summary>
    public Choice AfterRefresh => this with { Options = Options with { Refresh = true }, Refreshes = Options.Targets is [] };

    public static Choice Of(Move move, StackProgram program, ImmutableArray<ResourceState> recorded)
    {
        string[] urns = [.. program.Resources.Select(resource => resource.Urn), .. recorded.Where(resource => resource.Provider is not null).Select(resource => $"{resource.Urn}")];
        ImmutableArray<string> one = urns is [] ? [] : [urns[move.A % urns.Length]];
        return move.Verb switch
        {
            Verb.UpRefresh => Update(new() { Refresh = true, RunProgram = move.B % 3 == 0 }, whole: true) with { Refreshes = true },
            Verb.UpTarget => Update(new() { Targets = one }),
            Verb.UpTargetDependents => Update(new() { Targets = one, TargetDependents = true }),
            Verb.UpReplace => Update(new() { Replace = one }, whole: true),
            Verb.UpTargetReplace => Update(RunOptions.TargetReplace(one)),
            Verb.Refresh => Refresh(new()) with { Refreshes = true },
            Verb.RefreshTarget => Refresh(new() { Targets = one }),
            Verb.RefreshProgram => Refresh(new() { RunProgram = true }) with { Refreshes = true },
            Verb.Destroy => Destroy(new() { Refresh = move.B % 4 == 0 }),
            Verb.DestroyTarget => Destroy(new() { Targets = one }),
            Verb.DestroyTargetDependents => Destroy(new() { Targets = one, TargetDependents = true }),
            Verb.DestroyProgram => Destroy(new() { RunProgram = true }),
            _ => Up,
        };
    }

    private static Choice Update(RunOptions options, bool whole = false) =>
        new((stack, chosen, cancel) => stack.UpAsync(chosen, cancel), options, Previews: true, Whole: whole && options.Targets is []);

    private static Choice Refresh(RunOptions options) => new((stack, chosen, cancel) => stack.RefreshAsync(chosen, cancel), options);

    private static Choice Destroy(RunOptions options) => new((stack, chosen, cancel) => stack.DestroyAsync(chosen, cancel), options, Destroys: true);
}
