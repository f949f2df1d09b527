using System.Collections.Immutable;
using System.Text;
using MiniEngine;
using PgFleet.Engines;
using PgFleet.Histories.Places;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>The life of a stack on one machine, checked after every run.</summary>
internal sealed class History(IPlace place, Tally tally, bool listens) : IDisposable
{
    private readonly Driver driver = new(place, listens);
    private readonly StringBuilder trace = new();
    private readonly List<string> instants = ["latest"];
    private readonly HashSet<string> letGo = [];
    private StackProgram program = StackProgram.Empty;
    private StackProgram last = StackProgram.Empty;
    private bool isStrayed;
    private bool wasKilled;
    private int parallel = 1;

    /// <param name="opening">The number of databases on the first server at the start; none at all: nothing exists.</param>
    public async Task LiveAsync(int opening, ImmutableArray<Move> moves)
    {
        try
        {
            await place.MakeServerAsync("theirs", "urn:pulumi:dev::elsewhere::pgfleet:index:DatabaseInstance::theirs");
            await place.MakeDatabaseAsync("theirs", "shop");
            await place.WriteRowAsync("first");
            program = opening == 0 ? StackProgram.Empty : StackProgram.Usual(opening - 1);
            await RunAsync(Choice.Up, Fault.None);
            foreach (var move in moves)
            {
                await MakeAsync(move);
                await place.WriteRowAsync($"row{instants.Count}");
                instants.Add(RecoveryWindow.Time(await place.NowAsync()));
            }
        }
        catch (ViolationException violation)
        {
            throw new ViolationException($"{violation.Message}\n{trace}\n  in the end:\n{await place.ReadFactsAsync()}");
        }
    }

    public void Dispose() => driver.Dispose();

    private async Task MakeAsync(Move move)
    {
        Say(move.ToString());
        var before = program;
        program = move.Edits.Aggregate(program, (edited, step) => new Editor(instants, place.Folders).Apply(edited, last, step));
        last = before;
        await HappenAsync(move);
        parallel = move.B % 3 == 0 ? 8 : 1;
        if (move.Verb is Verb.UpTainted && driver.Recorded.Where(resource => resource.Provider is not null && Oracle.IsCurrent(resource)).ToList() is { Count: > 0 } there)
        {
            await driver.TaintAsync($"{there[move.A % there.Count].Urn}");
        }
        if (move.Verb is Verb.Preview)
        {
            await PreviewAsync(Choice.Up);
            return;
        }
        await RunAsync(Choice.Of(move, program, driver.Recorded), move.Fault);
    }

    private async Task RunAsync(Choice choice, Fault fault)
    {
        var (world, state) = (place.Remember(), driver.Remember());
        if (await TryAsync(choice, fault) is not { Struck: true, Succeeded: false } struck)
        {
            return;
        }
        tally.Count($"struck by {fault.Kind}");
        if (await new Mending(driver, place, RetryAsync).RunAsync(program, wasKilled, program => this.program = program, Say))
        {
            tally.Count("struck, and a retry converged");
            return;
        }
        if (struck.Killed)
        {
            // What is not recorded may have to be removed by hand.
            tally.Count("killed, and left to people");
        }
        else if (world is not null && program.IsOrdered)
        {
            Say("once more from before, with nothing that goes wrong");
            world();
            state();
            // The run is retried without its --replace, which may be refused from the beginning.
            var retried = choice.Again(program, driver.Recorded) ?? choice;
            Oracle.Require(await TryAsync(retried, Fault.None) is not { Succeeded: true }, "A retry does not converge, and the same run without the fault does.");
            tally.Count("struck, and impossible from the beginning");
        }

        // What is gone can no longer be a target.
        async Task<bool> RetryAsync() => choice.Again(program, driver.Recorded) is not { } again
            || await TryAsync(again, Fault.None) is { Succeeded: true }
            || (isStrayed && again.Previews && await TryAsync(again.AfterRefresh, Fault.None) is { Succeeded: true });
    }

    /// <returns>Null: the preview refused it.</returns>
    private async Task<Outcome?> TryAsync(Choice choice, Fault fault)
    {
        driver.Write(program);
        var preview = choice.Previews ? await PreviewAsync(choice) : null;
        if (preview is { Succeeded: false })
        {
            return null;
        }
        var (before, recorded) = (await place.ReadFactsAsync(), driver.Recorded);
        var announced = choice.Destroys ? Announced.All(recorded) : preview is null ? Announced.Nothing : Announced.By(preview.Result);
        var outcome = await driver.RunAsync(choice.Run, choice.Options, fault, parallel);
        Say($"  {outcome}");
        tally.Count($"{(choice.Previews ? "up" : choice.Destroys ? "destroy" : "refresh")} {(outcome.Succeeded ? "succeeded" : outcome.Struck ? "struck" : "failed")}");
        if (!outcome.Succeeded && !outcome.Struck && choice.Previews)
        {
            tally.Count($"   up failed: {string.Join(" / ", outcome.Result.Errors)}");
        }
        var after = await place.ReadFactsAsync();
        wasKilled |= outcome.Killed;
        Oracle.NothingIsLost(before, after, announced, recorded);
        Oracle.OthersAreUntouched(before, after, recorded);
        letGo.UnionWith(recorded.Where(resource => resource.RetainOnDelete || resource.DeletedWith is not null || resource.Inputs["onDelete"] is MiniEngine.Values.Text { Content: "retain" }).Select(Oracle.IdentityOf).OfType<string>());
        var orphans = Oracle.Orphans(before, after, driver.Recorded).RemoveAll(letGo.Contains);
        if (wasKilled)
        {
            letGo.UnionWith(orphans);
        }
        Oracle.Require(wasKilled || orphans is [], $"Nothing knows of {string.Join(", ", orphans)}.");
        if (outcome.Succeeded)
        {
            await SucceededAsync(choice, after);
        }
        return outcome;
    }

    private async Task SucceededAsync(Choice choice, Sight after)
    {
        isStrayed &= !choice.Refreshes;
        // When only part of the program is run, the other resources do not learn of the changes.
        isStrayed |= !choice.Whole && driver.Recorded.Any(resource => Oracle.IsCurrent(resource) && Oracle.IdentityOf(resource) is { } identity && after.IdentityOf(resource.Id) != identity);
        if (!choice.Whole || isStrayed)
        {
            return;
        }
        Oracle.AllIsThere(program, driver.Recorded, after);
        var again = await PreviewAsync(Choice.Up);
        Oracle.Require(again.Succeeded && again.Result.Steps.All(step => step.Op is Op.Same), $"The next up is not empty: {again}");
    }

    private async Task<Outcome> PreviewAsync(Choice choice)
    {
        driver.Write(program);
        var before = $"{await place.ReadFactsAsync()}";
        var preview = await driver.RunAsync((stack, options, cancel) => stack.PreviewAsync(options, cancel), choice.Options, Fault.None, parallel);
        Say($"  preview {preview}");
        tally.Count($"preview {(preview.Succeeded ? "passed" : "refused")}");
        Oracle.Require($"{await place.ReadFactsAsync()}" == before, "A preview has changed something.");
        return preview;
    }

    private async Task HappenAsync(Move move)
    {
        var sight = await place.ReadFactsAsync();
        var own = sight.Servers.Values.Where(server => server.Finished && server.Name != "theirs").ToList();
        if (move.Happening is Happening.Nothing || own.Count == 0)
        {
            return;
        }
        isStrayed = true;
        var server = own[move.A % own.Count];
        var database = server.Databases.Values.ElementAtOrDefault(move.B % Math.Max(1, server.Databases.Count))?.Name;
        if (move.Happening is Happening.DatabaseDropped or Happening.DatabaseMadeAnew && database is not null)
        {
            await place.DropDatabaseAsync(server.Name, database);
        }
        if (move.Happening is Happening.DatabaseMadeAnew or Happening.DatabaseMade && (move.Happening is Happening.DatabaseMade ? Names.Databases.FirstOrDefault(name => !server.Databases.ContainsKey(name)) : database) is { } made)
        {
            await place.MakeDatabaseAsync(server.Name, made);
        }
        if (move.Happening is Happening.ServerDeleted or Happening.ServerMadeAnew && !server.Protected)
        {
            await place.DeleteServerAsync(server.Name);
            if (move.Happening is Happening.ServerMadeAnew)
            {
                await place.MakeServerAsync(server.Name, null);
                await place.MakeDatabaseAsync(server.Name, Names.Databases[0]);
            }
        }
        await place.WriteRowAsync($"by hand {instants.Count}");
        Say($"  as it is then:\n{await place.ReadFactsAsync()}");
    }

    private void Say(string text) => trace.AppendLine($"  {text}");
}
