using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>Prevents a state that was recorded with one fleet from being applied to another, where the same names refer to other servers.</summary>
internal sealed class FleetGuard(IServerDirectory servers, string place)
{
    /// <summary>The identity to record in a state.</summary>
    public static async Task<string> GetAsync(IServerDirectory servers, CancellationToken cancel) =>
        await servers.FindIdentityAsync(cancel)
        ?? throw new ResourceFailure(FailureKind.Missing, "The fleet has lost its identity.", "Restore fleet.json in the fleet's home from a backup.");

    /// <exception cref="ResourceFailure">The state belongs to another fleet, or there is no fleet here.</exception>
    public async Task CheckAsync(Map? prior, CancellationToken cancel)
    {
        if (prior?["fleetId"] is not StringValue recorded)
        {
            return;
        }
        var here = await servers.FindIdentityAsync(cancel);
        if (here != recorded.Value)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The state belongs to the fleet \"{recorded.Value}\", but {place} holds {(here is null ? "no fleet" : $"the fleet \"{here}\"")}.",
                $"Set {Term.Property("home")} in the provider's configuration (or PGFLEET_HOME) to the folder where the fleet was made, and run on that machine.");
        }
    }
}
