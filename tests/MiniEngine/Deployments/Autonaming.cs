using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MiniEngine.Programs;
using MiniEngine.Values;
using static Pulumirpc.CheckRequest.Types;

namespace MiniEngine.Deployments;

/// <summary>Automatic names as the stack configures them, under <c>pulumi:autonaming</c> (protocol 4.5).</summary>
internal static partial class Autonaming
{
    private const string Key = "pulumi:autonaming";

    /// <summary>The options for a resource; null: nothing is configured.</summary>
    public static AutonamingOptions? For(Run run, Urn urn) => Configured(run.Config) switch
    {
        null => null,
        ("verbatim", _, _) => new() { Mode = AutonamingOptions.Types.Mode.Enforce, ProposedName = urn.Name },
        ("disabled", _, _) => new() { Mode = AutonamingOptions.Types.Mode.Disable },
        (null, { } pattern, var enforce) => new()
        {
            Mode = enforce ? AutonamingOptions.Types.Mode.Enforce : AutonamingOptions.Types.Mode.Propose,
            ProposedName = Part().Replace(pattern, part => Fill(run, urn, part)),
        },
        var (mode, _, _) => throw new UserException($"{Key} has the mode \"{mode}\". Write verbatim, disabled, or a pattern instead of a mode."),
    };

    /// <summary>True if names are not random, so that a name is taken until the old resource is deleted (protocol 4.2.5).</summary>
    public static bool Repeats(StackConfig config) => Configured(config) switch
    {
        ("verbatim" or "disabled", _, _) => true,
        (null, { } pattern, _) => !Part().Matches(pattern).Any(part => part.Groups["length"].Success),
        _ => false,
    };

    private static (string? Mode, string? Pattern, bool Enforce)? Configured(StackConfig config)
    {
        if (!config.Values.TryGetValue(Key, out var value) || Json.Parse(((Text)value.Bare).Content) is not Map map)
            return null;
        return ((map["mode"] as Text)?.Content, (map["pattern"] as Text)?.Content, map["enforce"] is Flag { On: true });
    }

    private static string Fill(Run run, Urn urn, Match part) => part.Groups["what"].Value switch
    {
        "name" => urn.Name,
        "project" => urn.Project,
        "stack" => urn.Stack,
        "hex" => Drawn("0123456789abcdef", part),
        "num" => Drawn("0123456789", part),
        "string" => Drawn("abcdefghijklmnopqrstuvwxyz", part),
        "alphanum" => Drawn("abcdefghijklmnopqrstuvwxyz0123456789", part),
        var what => throw new UserException($"{Key} has \"{what}\" in its pattern for {run.Project.Name}. MiniEngine has name, project, stack, hex(n), num(n), string(n) and alphanum(n)."),
    };

    private static string Drawn(string letters, Match part) =>
        RandomNumberGenerator.GetString(letters, int.Parse(part.Groups["length"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\$\{(?<what>\w+)(\((?<length>\d+)\))?\}")]
    private static partial Regex Part();
}
