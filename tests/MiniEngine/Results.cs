using System.Collections.Immutable;
using MiniEngine.Deployments;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine;

/// <summary>The results of a kind of run, besides its steps.</summary>
/// <param name="Outputs">The stack's outputs; null: as recorded.</param>
internal sealed record Yield(Map? Outputs = null, string? Program = null);

/// <summary>Converts a finished run to its result.</summary>
internal static class Results
{
    public static StackResult Of(RunLog log, StackState state, Yield yield) => new()
    {
        Succeeded = !log.Failed,
        Steps = log.Steps,
        Diagnostics = log.Diagnostics,
        Outputs = Json.Write(yield.Outputs ?? state.Outputs, Json.Reveal),
        SecretOutputs = Secrets(yield.Outputs ?? state.Outputs),
        Resources = [.. state.Resources.Select(View)],
        Program = yield.Program,
    };

    private static ImmutableSortedSet<string> Secrets(Map map) => [.. map.Items.Where(item => item.Value.HasSecret).Select(item => item.Key)];

    private static ResourceView View(ResourceState state) => new(
        state.Urn,
        state.Id,
        Json.Write(state.Inputs, Json.Reveal),
        Json.Write(state.Outputs, Json.Reveal),
        Secrets(state.Outputs),
        state.Protect,
        state.PendingReplacement,
        state.Delete,
        state.InitErrors);
}
