using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Preflight;

/// <summary>Finds what would prevent a server from being created or changed. Changes nothing.</summary>
internal sealed class InstancePreflight(Registry registry, Installations installations, PlaceChecks places, NetworkChecks network, RestoreChecks restores, Restorables restorables)
{
    public async Task<IReadOnlyList<Problem>> CheckAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel)
    {
        var record = registry.Find(spec.Name);
        return
        [
            .. Standing(prior, spec, record),
            .. await restores.OfLostServerAsync(prior, record, cancel),
            .. await places.CheckAsync(spec, record, cancel),
            .. await network.CheckAsync(spec, record, cancel),
            .. await ProgramsAsync(spec, record, cancel),
            .. await restores.CheckAsync(prior, spec, record, cancel),
        ];
    }

    private IEnumerable<Problem> Standing(ManagedServer? prior, ServerSpec spec, ServerRecord? record)
    {
        if (prior is null && record?.State == RecordState.Available)
        {
            yield return new("name", InstanceFailures.TakenFailure(record, spec.Urn).Text);
        }
        if (prior is null && record is { State: not RecordState.Available } && !record.IsBegunBy(spec))
        {
            yield return new("name", InstanceFailures.BegunByAnotherFailure(record).Text);
        }
        if (prior is null && registry.IsLinked(spec.Name))
        {
            yield return new("name", InstanceFailures.LinkedTaken(spec.Name));
        }
        if (prior is { Status: not ServerStatus.Unfinished, Spec.Origin: null } && spec.Origin is not null)
        {
            yield return new("name", RestoreOrigin.NoneFailure(spec.Name).Text);
        }
        if (prior?.Spec.PostgresVersion is { } old && spec.PostgresVersion is { } wanted && old != wanted)
        {
            yield return new("postgresVersion", InstanceFailures.Upgrade(spec.Name, old, wanted));
        }
    }

    private async Task<IReadOnlyList<Problem>> ProgramsAsync(ServerSpec spec, ServerRecord? record, CancellationToken cancel)
    {
        try
        {
            var major = record?.PostgresVersion ?? Source(spec)?.PostgresVersion ?? spec.PostgresVersion;
            return await ParameterChecks.CheckAsync(await installations.GetAsync(major, cancel), spec.Parameters, cancel);
        }
        catch (ResourceFailure missing)
        {
            return [new(spec.Origin is null ? "postgresVersion" : "sourceInstance", missing.Text)];
        }
    }

    /// <summary>The source of a restore. Several servers of the name usually have one version; where they differ, the restore's own checks report it.</summary>
    private ServerRecord? Source(ServerSpec spec) => spec.Origin is null ? null : restorables.MeantBy(spec.Origin.Source).Select(server => server.Record).FirstOrDefault();
}
