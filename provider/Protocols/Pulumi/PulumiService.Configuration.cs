using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    public override Task<CheckResponse> CheckConfig(CheckRequest request, ServerCallContext context)
    {
        var news = PulumiInputs.Decode(request.News).Values;
        var check = FleetConfig.Check(Configured(news));
        var response = new CheckResponse { Inputs = PulumiValues.Encode(news) };
        response.Failures.AddRange(check.Problems.Select(problem => Failure(FleetConfig.Shape, news, problem)));
        return Task.FromResult(response);
    }

    /// <summary>A changed home is another fleet, but replaces nothing: the fleet's identity protects the resources of the first one.</summary>
    public override Task<DiffResponse> DiffConfig(DiffRequest request, ServerCallContext context)
    {
        var (olds, news) = (PulumiInputs.Decode(request.OldInputs).Values, PulumiInputs.Decode(request.News).Values);
        var changed = olds.Items.Keys.Union(news.Items.Keys).Where(name => !IsSame(name, olds[name], news[name])).Order(StringComparer.Ordinal).ToList();
        var response = new DiffResponse
        {
            Changes = changed.Count > 0 ? DiffResponse.Types.DiffChanges.DiffSome : DiffResponse.Types.DiffChanges.DiffNone,
            HasDetailedDiff = true,
        };
        response.Diffs.AddRange(changed);
        foreach (var name in changed)
        {
            response.DetailedDiff[name] = new() { Kind = PulumiDiff.KindOf(olds[name], news[name], replaces: false), InputDiff = true };
        }
        return Task.FromResult(response);
    }

    private static bool IsSame(string name, Value? old, Value? @new) =>
        Equals(old, @new)
        || (old is { IsKnown: true } && @new is { IsKnown: true } && FleetConfig.Shape[name] is { } field
            && JsonText.Expand(FleetConfig.Shape, Map.Empty.With(name, old))[name] is { } was
            && JsonText.Expand(FleetConfig.Shape, Map.Empty.With(name, @new))[name] is { } wanted
            && field.Same(was, wanted));

    public override Task<ConfigureResponse> Configure(ConfigureRequest request, ServerCallContext context)
    {
        var check = FleetConfig.Check(Configured(PulumiInputs.Decode(request.Args).Values));
        if (!check.Problems.IsEmpty)
        {
            throw new RefusedException(check.Problems);
        }
        session.Configure(FleetConfig.Of(check.Inputs));
        return Task.FromResult(new ConfigureResponse
        {
            AcceptSecrets = true,
            AcceptResources = true,
            AcceptOutputs = true,
            SupportsPreview = true,
            SupportsAutonamingConfiguration = true,
        });
    }

    // The engine adds the plugin's version to the configuration; it must be returned unchanged, and is not an input.
    private static Map Configured(Map news) => news.With("version", null).With("pluginDownloadURL", null);
}
