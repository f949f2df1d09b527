using PgFleet.Histories.Places;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>What people do after a run with a fault: they run it again, and import what a killed engine did not record.</summary>
internal sealed class Mending(Driver driver, IPlace place, Func<Task<bool>> retry)
{
    /// <returns>Whether the intended result was reached.</returns>
    public async Task<bool> RunAsync(StackProgram program, bool wasKilled, Action<StackProgram> use, Action<string> say)
    {
        say("once more");
        if (await retry())
        {
            return true;
        }
        if (!wasKilled || Importing(program, await place.ReadFactsAsync()) is not { } importing)
        {
            return false;
        }
        say("once more, with imports");
        use(importing);
        var imported = await retry();
        use(program);
        return imported && await retry();
    }

    /// <summary>The program with imports; null: there is nothing to import.</summary>
    private StackProgram? Importing(StackProgram program, Sight sight)
    {
        var known = driver.Recorded.Where(Oracle.IsCurrent).Select(Oracle.IdentityOf).ToHashSet();
        var importing = program with
        {
            Resources = [.. program.Resources.Select(resource => IdOf(resource, program, sight, known) is { } id ? resource with { Import = id } : resource)],
        };
        return importing.Resources.Any(resource => resource.Import is not null) ? importing : null;
    }

    /// <summary>The id of a finished resource that exists under the intended name and is not in the state.</summary>
    private string? IdOf(Declared resource, StackProgram program, Sight sight, HashSet<string?> known)
    {
        if (resource.Kind is not Kind.Database)
        {
            return sight.Servers.Values.FirstOrDefault(server => server.Finished && server.Urn == resource.Urn && !known.Contains(server.Identity))?.Name;
        }
        var server = program.Of(Kind.Instance, Kind.Restored).Where(server => StackProgram.Reference(server.Key) == resource.On)
            .Select(server => driver.Recorded.FirstOrDefault(recorded => Oracle.IsCurrent(recorded) && $"{recorded.Urn}" == server.Urn)?.Id).FirstOrDefault();
        return server is not null && sight.IdentityOf($"{server}/{resource.Name}") is { } identity && !known.Contains(identity) ? $"{server}/{resource.Name}" : null;
    }
}
