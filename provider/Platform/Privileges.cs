using CliWrap;

namespace PgFleet.Platform;

/// <summary>Drops root's privileges to the servers' user for good: no program that is run afterwards can regain them.</summary>
internal static class Privileges
{
    private static readonly string[] NoMore = ["--no-new-privs"];

    /// <summary>Capability flags. Not every container lets root give them up, and not every setpriv knows all capabilities of a newer kernel.</summary>
    private static readonly string[] NorAny = [.. NoMore, "--inh-caps=-all", "--bounding-set=-all"];

    private static readonly Lazy<string[]> Strictest = new(() => new[] { NorAny, NoMore }.FirstOrDefault(Works) ?? []);

    /// <summary>The prefix of a command that drops privileges; empty unless this process is root.</summary>
    public static string[] Drop(ServiceAccount account) =>
        Environment.IsPrivilegedProcess
            ? [SystemPrograms.Find("setpriv"), $"--reuid={account.User.Name}", $"--regid={account.User.Group}", "--init-groups", .. Strictest.Value, "--"]
            : [];

    private static bool Works(string[] flags) =>
        Cli.Wrap(SystemPrograms.Find("setpriv")).WithArguments([.. flags, "--", "true"]).WithValidation(CommandResultValidation.None).ExecuteAsync().Task.GetAwaiter().GetResult().IsSuccess;
}
