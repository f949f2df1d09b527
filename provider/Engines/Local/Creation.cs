using System.Text.Json;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>Makes an instance, or takes up one whose making was interrupted, whatever has been asked for by now. The caller holds its lock.</summary>
internal sealed class Creation(Registry registry, Provisioning provisioning, Settings settings, Deletion deletion, ServerProcess process)
{
    public async Task<ServerRecord> CreateAsync(ServerSpec spec, Work work)
    {
        if (registry.Find(spec.Name) is not { } begun)
        {
            return await BeginAsync(spec, work);
        }
        if (begun.State == RecordState.Available)
        {
            throw Texts.TakenFailure(spec.Name);
        }
        return await ResumeAsync(begun, spec, work);
    }

    /// <summary>Before the first session nothing of the user's can be in it, and it may become another; later it is finished first, and then changed.</summary>
    public async Task<ServerRecord> ResumeAsync(ServerRecord begun, ServerSpec spec, Work work)
    {
        if (begun.State > RecordState.Starting)
        {
            begun.RequireFixed(spec);
            var finished = await provisioning.FinishAsync(begun, spec.Password, work);
            return IsSame(finished, finished.With(spec)) ? finished : await settings.ApplyAsync(finished, spec, work);
        }
        if (!begun.IsFixed(spec))
        {
            await deletion.DeleteAsync(spec.Name, work);
            return await BeginAsync(spec, work);
        }
        if (!IsSame(begun, begun.With(spec)))
        {
            await process.AbandonAsync(spec.Name, work.Cancel);
        }
        return await provisioning.FinishAsync(registry.Write(begun.With(spec)), spec.Password, work);
    }

    private async Task<ServerRecord> BeginAsync(ServerSpec spec, Work work)
    {
        var begun = await provisioning.ReserveAsync(spec, work.Cancel);
        work.Step("reserved the name and the port");
        return await provisioning.FinishAsync(begun, spec.Password, work);
    }

    /// <remarks>Lists in records compare by reference; what is written does not.</remarks>
    private static bool IsSame(ServerRecord one, ServerRecord other) =>
        JsonSerializer.Serialize(one, LocalJson.Default.ServerRecord) == JsonSerializer.Serialize(other, LocalJson.Default.ServerRecord);
}
