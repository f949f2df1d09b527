using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using PgFleet.Failures;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Preflight;

/// <summary>Asks the postgres program whether it accepts parameters: once for all of them, and once for each if it does not.</summary>
internal static partial class ParameterChecks
{
    public static async Task<IReadOnlyList<Problem>> CheckAsync(Installation installation, IReadOnlyDictionary<string, string> parameters, CancellationToken cancel)
    {
        var refused = parameters.Select(pair => (pair.Key, Reason: ManagedParameters.Refusal(pair.Key, pair.Value))).Where(pair => pair.Reason is not null).ToList();
        var others = parameters.Where(pair => refused.TrueForAll(one => one.Key != pair.Key)).ToList();
        var problems = refused.Select(pair => At(pair.Key, pair.Reason!));
        if (await ComplaintAsync(installation, others, cancel) is null)
        {
            return [.. problems];
        }
        var complaints = await Task.WhenAll(others.Select(async pair => (pair.Key, Words: await ComplaintAsync(installation, [pair], cancel))));
        return [.. problems, .. complaints.Where(one => one.Words is not null).Select(one => At(one.Key, $"PostgreSQL {installation.Version} does not take it: {one.Words}. Correct or remove it."))];
    }

    private static Problem At(string name, Message reason) => new($"parameters[\"{name}\"]", reason);

    /// <returns>The server's error message; null when it accepts them.</returns>
    /// <remarks>
    /// -C prints a setting and exits before anything is opened, also for root. "/" stands in for a data directory, because only root can create files there
    /// that it would read.
    /// </remarks>
    private static async Task<string?> ComplaintAsync(Installation installation, IReadOnlyCollection<KeyValuePair<string, string>> parameters, CancellationToken cancel)
    {
        string[] settings = [.. parameters.SelectMany(pair => (string[])["-c", $"{pair.Key}={pair.Value}"])];
        var answer = await Cli.Wrap(installation.Program("postgres"))
            .WithArguments(["-C", "port", "-c", "config_file=/dev/null", "-D", "/", .. settings])
            .WithEnvironmentVariables(environment => environment.Set("LC_ALL", "C"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancel);
        return answer.IsSuccess ? null : string.Join("; ", Words().Matches(answer.StandardError).Select(match => match.Groups["words"].Value.Trim()));
    }

    [GeneratedRegex(@"(FATAL|ERROR|DETAIL|HINT):\s+(?<words>[^\n]+)")]
    private static partial Regex Words();
}
