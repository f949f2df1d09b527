using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>The parts of making a server that only a restored one needs.</summary>
internal sealed class Restoration(Home home, Restorables restorables, BaseBackupRestore copying, WalReplay replaying, SourceServer source)
{
    public Task<ServerRecord> CopyAsync(ServerRecord record, OperationContext work) => copying.RunAsync(record, work);

    public Task<ServerRecord> ReplayAsync(ServerRecord record, OperationContext work) => replaying.RunAsync(record, work);

    /// <summary>Without a password of its own the role has the source's of today, if the source answers, and else that of then.</summary>
    public async Task OpenAsync(ServerRecord record, LoginRole role, Secret? password, OperationContext work)
    {
        if (password is null && await FindVerifierAsync(record.Origin!, work.Cancel) is { } verifier)
        {
            await role.SetVerifierAsync(record.Username, verifier, work.Cancel);
        }
        if (await role.FindVerifierAsync(record.Username, work.Cancel) is not { } own || !own.Reveal().StartsWith(ScramVerifier.Mechanism, StringComparison.Ordinal))
        {
            work.Warn($"The login role \"{record.Username}\" of \"{record.Name}\" has no password that it could log in with. Set the property password.");
        }
        await LoginProof.RunAsync(record, home.Of(record.Name), password, work);
    }

    private async Task<Secret?> FindVerifierAsync(OriginRecord origin, CancellationToken cancel) =>
        restorables.FindLiving(origin) is { } from
            ? await source.AskAsync(from, (admin, token) => AskAsync(new(admin), from, token), cancel)
            : null;

    /// <summary>A role that was dropped and made again by hand has another identifier.</summary>
    private static async Task<Secret?> AskAsync(LoginRole role, ServerRecord from, CancellationToken cancel) =>
        (from.LoginRole is { } id ? await role.FindVerifierAsync(id, cancel) : null) ?? await role.FindVerifierAsync(from.Username, cancel);
}
