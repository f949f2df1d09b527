using System.Text.Json;
using PgFleet.Engines.Local.Deletion;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Provisioning;

/// <summary>Creates an instance, or resumes an interrupted creation. The caller holds the instance's lock.</summary>
internal sealed class InstanceCreation(
    Registry registry, InstanceProvisioning provisioning, InstanceUpdate update, InstanceDeletion deletion, ServerProcess process, RecoveryWindowReader windows, Restorables restorables,
    TimeProvider time)
{
    public async Task<ServerRecord> CreateAsync(ServerSpec spec, OperationContext work)
    {
        if (registry.IsLinked(spec.Name))
        {
            throw InstanceFailures.LinkedTakenFailure(spec.Name);
        }
        if (registry.Find(spec.Name) is not { } begun)
        {
            return await BeginAsync(spec, work);
        }
        if (begun.State == RecordState.Available)
        {
            throw InstanceFailures.TakenFailure(begun, spec.Urn);
        }
        begun.RequireBegunBy(spec);
        return await ResumeAsync(registry.Write(TakenUp(begun, spec)), spec, work);
    }

    /// <summary>Gives a taken-over server a new identity, so that a stale state of the old one cannot delete it.</summary>
    private ServerRecord TakenUp(ServerRecord begun, ServerSpec spec) =>
        begun with { Identity = Guid.NewGuid(), CreatedAt = time.GetUtcNow(), Urn = spec.Urn, Asked = ServerRecord.HashOf(spec) };

    /// <summary>
    /// Resumes a creation. Before the first session it contains no user data and may be redone differently; afterwards it is completed first, and then changed.
    /// </summary>
    public async Task<ServerRecord> ResumeAsync(ServerRecord begun, ServerSpec spec, OperationContext work)
    {
        if (begun.State > RecordState.Starting)
        {
            RequireOrigin(begun, spec);
            begun.RequireFixed(spec);
            var finished = await provisioning.FinishAsync(begun, spec.Password, work);
            return IsSame(finished, finished.With(spec)) ? finished : await update.ApplyAsync(finished, spec, work);
        }
        if (!begun.IsFixed(spec) || spec.Origin != begun.Origin?.Asked)
        {
            await deletion.DeleteAsync(spec.Name, work);
            return await BeginAsync(spec, work);
        }
        if (!IsSame(begun, begun.With(spec)))
        {
            await process.AbandonAsync(spec.Name, work.Cancel);
        }
        return await UndoOnFailureAsync(spec.Name, () => provisioning.FinishAsync(registry.Write(begun.With(spec)), spec.Password, work));
    }

    private async Task<ServerRecord> BeginAsync(ServerSpec spec, OperationContext work)
    {
        if (spec.Origin is not { } origin)
        {
            return await MakeAsync(spec, null, work);
        }
        // Pinned, so that the source's archive is not deleted before it is copied.
        var (source, pin) = await restorables.PinAsync(origin.Source, origin.Instant, work.Cancel);
        using (pin)
        {
            await JudgeAsync(source, origin.Instant, work.Cancel);
            return await MakeAsync(spec, source, work);
        }
    }

    private async Task<ServerRecord> MakeAsync(ServerSpec spec, Restorable? source, OperationContext work)
    {
        var begun = await provisioning.ReserveAsync(spec, source?.Record, work.Cancel);
        return await UndoOnFailureAsync(spec.Name, () =>
        {
            work.Step("reserved the name and the port");
            return provisioning.FinishAsync(begun, spec.Password, work);
        });
    }

    /// <summary>Checks the instant again, because time has passed since the preview.</summary>
    private async Task JudgeAsync(Restorable source, DateTimeOffset? instant, CancellationToken cancel)
    {
        if ((await windows.OfAsync(source, cancel)).Refusal(instant) is { } refusal)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"\"{source.Title}\" cannot be restored: the instant {refusal}{await restorables.NamesakesAsync(source, cancel)}",
                "Choose an instant within the window.");
        }
    }

    /// <summary>Deletes a restore that failed: it would keep only an instant that cannot be reached, and occupy its name and port.</summary>
    private async Task<ServerRecord> UndoOnFailureAsync(string name, Func<Task<ServerRecord>> make)
    {
        try
        {
            return await make();
        }
        catch (Exception end) when (registry.Find(name) is { Origin: not null } left
            && (left.State == RecordState.Building || (left.State == RecordState.Recovering && end is ResourceFailure { IsFinal: true })))
        {
            await deletion.DeleteAsync(name, new(CancellationToken.None));
            throw;
        }
    }

    private static void RequireOrigin(ServerRecord begun, ServerSpec spec)
    {
        if (spec.Origin != begun.Origin?.Asked)
        {
            throw new ResourceFailure(
                FailureKind.Conflict, $"Instance \"{begun.Name}\" is there, unfinished, and was begun from something else than what is asked for now.", $"Remove it with \"pgfleet delete {begun.Name}\", or choose another name.");
        }
    }

    /// <remarks>Lists in records compare by reference, so the serialized forms are compared.</remarks>
    private static bool IsSame(ServerRecord one, ServerRecord other) =>
        JsonSerializer.Serialize(one, LocalJson.Default.ServerRecord) == JsonSerializer.Serialize(other, LocalJson.Default.ServerRecord);
}
