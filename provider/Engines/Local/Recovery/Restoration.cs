namespace PgFleet.Engines.Local.Recovery;

/// <summary>The parts of making a server that only a restored one needs.</summary>
internal sealed class Restoration(Home home, Restorables restorables, Copying copying, Replaying replaying, Source source)
{
    public Task<ServerRecord> CopyAsync(ServerRecord record, Work work) => copying.RunAsync(record, work);

    public Task<ServerRecord> ReplayAsync(ServerRecord record, Work work) => replaying.RunAsync(record, work);

    /// <summary>Without a password of its own the role has the source's of today, if the source answers, and else that of then.</summary>
    public async Task OpenAsync(ServerRecord record, LoginRole role, string? password, CancellationToken cancel)
    {
        if (password is null && await FindVerifierAsync(record.Origin!, cancel) is { } verifier)
        {
            await role.SetVerifierAsync(record.Username, verifier, cancel);
        }
        await LoginProof.RunAsync(record, home.Of(record.Name), password, cancel);
    }

    private async Task<string?> FindVerifierAsync(OriginRecord origin, CancellationToken cancel) =>
        restorables.FindLiving(origin) is { LoginRole: { } id } from
            ? await source.AskAsync(from, (admin, token) => new LoginRole(admin).FindVerifierAsync(id, token), cancel)
            : null;
}
