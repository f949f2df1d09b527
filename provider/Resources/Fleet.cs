using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Resources;

/// <summary>The identity of the home that keeps the servers. Another home knows nothing of them, so it must not call them gone.</summary>
internal static class Fleet
{
    /// <returns>This home's identity.</returns>
    /// <param name="servers">This home's.</param>
    /// <param name="what">The resource, at the start of a sentence.</param>
    /// <param name="recorded">The identity in its state; null where there is none yet.</param>
    /// <param name="cancel">Stops the look.</param>
    public static async Task<string> IdentityAsync(IServers servers, string what, string? recorded, CancellationToken cancel)
    {
        var here = await servers.IdentityAsync(cancel);
        return recorded is null || recorded == here
            ? here
            : throw new ResourceFailure(
                FailureKind.Refused,
                $"{what} belongs to fleet \"{recorded}\", and this is fleet \"{here}\".",
                "Run on the machine that the first one names, or set the provider's home to its folder.");
    }
}
