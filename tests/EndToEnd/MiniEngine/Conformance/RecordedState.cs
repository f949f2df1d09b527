using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using MiniEngine;
using MiniEngine.Programs;
using MiniEngine.State;
using MiniEngine.Values;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>The state at the start of a recorded run, reconstructed from the old values in its calls.</summary>
internal sealed class RecordedState(Case @case, int phase, Project project, IReadOnlyList<RecordedCall> calls)
{
    private readonly ImmutableDictionary<string, ResourceDeclaration> declared = project.Resources.ToImmutableDictionary(resource => resource.Name);

    public StackState Build()
    {
        var olds = calls.Where(call => call.Urn is not null).Select(Old).OfType<ResourceState>().DistinctBy(state => (state.Urn, state.Id)).ToList();
        var unseen = @case.Unseen.Select(resource => new ResourceState { Urn = Urn(declared[resource.Name]), Id = resource.Id, Inputs = Map.Empty, Outputs = Map.Empty });
        var providers = olds.Where(old => IsProvider(old.Urn)).ToImmutableArray();
        var resources = olds.Concat(unseen).Where(old => !IsProvider(old.Urn)).OrderBy(Place).Select(old => Completed(old, providers));
        return new() { Resources = [.. providers, .. @case.Nothing ? [] : resources] };
    }

    /// <summary>Sorts a resource after its dependencies, in the order of the program.</summary>
    private int Place(ResourceState state) =>
        project.Resources.Select((resource, at) => resource.Name == state.Urn.Name ? at : -1).Append(int.MaxValue).First(at => at >= 0);

    private ResourceState? Old(RecordedCall call) => call.Method switch
    {
        "DiffConfig" => Old(call, IdOf(call.Urn!), "oldInputs", "olds"),
        "Configure" when calls.All(other => other.Method is not "CheckConfig" || other.Urn != call.Urn) => Old(call, IdOf(call.Urn!), "args", "args"),
        "Diff" or "Update" => Old(call, Text(call, "id"), "oldInputs", "olds"),
        "Delete" => Old(call, Text(call, "id"), "oldInputs", "properties"),
        "Read" when declared.GetValueOrDefault(call.Name)?.Get is null && call.Request.ContainsKey("inputs") => Old(call, Text(call, "id"), "inputs", "properties"),
        _ => null,
    };

    private static ResourceState Old(RecordedCall call, string id, string inputs, string outputs) =>
        new() { Urn = global::MiniEngine.Urn.Parse(call.Urn!), Id = id, Inputs = Values(call.Request[inputs]), Outputs = Values(call.Request[outputs]) };

    private ResourceState Completed(ResourceState old, ImmutableArray<ResourceState> providers)
    {
        var declaration = declared.GetValueOrDefault(old.Urn.Name);
        var provider = @case.OldProviders.GetValueOrDefault(old.Urn.Name) ?? declaration?.Options.Provider ?? "default";
        var itself = providers.First(other => other.Urn.Name == provider);
        return old with
        {
            Provider = $"{itself.Urn}::{itself.Id}",
            Dependencies = Named(declaration?.Names ?? []),
            PropertyDependencies = declaration?.Properties.Items.ToImmutableSortedDictionary(item => item.Key, item => Named(item.Value.Names)) ?? old.PropertyDependencies,
            IgnoreChanges = declaration?.Options.IgnoreChanges ?? [],
            ReplaceWith = Named(declaration?.Options.ReplaceWith ?? []),
            DeletedWith = Named(declaration?.Options.DeletedWith is { } with ? [with] : []).FirstOrDefault(),
            PendingReplacement = @case.PendingReplacement.Contains((phase, old.Urn.Name)),
            Delete = @case.PendingDeletion.Contains((old.Urn.Name, old.Id)),
            Taint = @case.Tainted.Contains(old.Urn.Name),
        };
    }

    private ImmutableArray<Urn> Named(IEnumerable<string> names) =>
        [.. names.Where(declared.ContainsKey).Select(name => declared[name]).Where(resource => resource.ProviderOf is null).Select(Urn).Distinct()];

    private Urn Urn(ResourceDeclaration resource) => new("dev", project.Name, resource.Type, resource.Name);

    private string IdOf(string urn) => Text(calls.First(call => call.Method == "Configure" && call.Urn == urn), "id");

    private static string Text(RecordedCall call, string field) => call.Request[field]!.GetValue<string>();

    private static bool IsProvider(Urn urn) => urn.Type.StartsWith("pulumi:providers:", StringComparison.Ordinal);

    private static Map Values(JsonNode? fields) => WireDecoder.Decode(Struct.Parser.ParseJson(fields!.ToJsonString()));
}
