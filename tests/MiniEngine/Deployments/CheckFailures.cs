using MiniEngine.Values;
using Pulumirpc;

namespace MiniEngine.Deployments;

/// <summary>The engine's words for what Check finds. Like Pulumi's they print the value of the property that is named, a secret one too (protocol 4.5): so a provider that names one is found out.</summary>
internal static class CheckFailures
{
    public static string Describe(CheckFailure failure, Map inputs) => failure.Property.Length == 0
        ? failure.Reason
        : $"property {failure.Property} value {{{(inputs[failure.Property] is { } value ? Json.Show(value.Bare) : "<nil>")}}} has a problem: {failure.Reason}";
}
