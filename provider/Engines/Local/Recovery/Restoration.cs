using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>The steps of a creation that only a restored server needs.</summary>
internal sealed class Restoration(Home home, Restorables restorables, BaseBackupRestore baseBackupRestore, WalReplay walReplay, SourceServer source)
{
    public Task<ServerRecord> CopyAsync(ServerRecord record, OperationContext work) => baseBackupRestore.RunAsync(record, work);

    public Task<ServerRecord> ReplayAsync(ServerRecord record, OperationContext work) => walReplay.RunAsync(record, work);

    /// <summary>
    /// Completes the login. Without a password of its own, the role gets the source's current one if the source answers, and else keeps that of the instant.
    /// </summary>
    public async Task OpenAsync(ServerRecord record, LoginRole role, Secret? password, OperationContext work)
    {
        if (password is null && await FindVerifierAsync(record.Origin!, work.Cancel) is { } verifier)
        {
            await role.SetVerifierAsync(record.Username, verifier, work.Cancel);
        }
        if (await role.FindVerifierAsync(record.Username, work.Cancel) is not { } own || !own.Reveal().StartsWith(ScramVerifier.Mechanism, StringComparison.Ordinal))
        {
            work.Warn($"The login role \"{record.Username}\" of \"{record.Name}\" has no password that it could log in with. Set the property {Term.Property("password")}.");
        }
        await LoginProof.RunAsync(record, home.Of(record.Name), password, work);
    }

    private async Task<Secret?> FindVerifierAsync(OriginRecord origin, CancellationToken cancel) =>
        restorables.FindLiving(origin) is { } from
            ? await source.QueryAsync(from, (admin, token) => FindVerifierAsync(new(admin), from, token), cancel)
            : null;

    /// <summary>Looks up by OID, then by name: a role that was dropped and created again by hand has another OID.</summary>
    private static async Task<Secret?> FindVerifierAsync(LoginRole role, ServerRecord from, CancellationToken cancel) =>
        (from.LoginRole is { } id ? await role.FindVerifierAsync(id, cancel) : null) ?? await role.FindVerifierAsync(from.Username, cancel);
}
