using CliWrap;

namespace PgFleet.Platform;

/// <summary>How root becomes the servers' user, for good: no program that is run afterwards gives anything back.</summary>
internal static class Privileges
{
    private static readonly string[] NoMore = ["--no-new-privs"];

    /// <summary>Not every container lets root give these up, and not every setpriv knows all those of a newer kernel.</summary>
    private static readonly string[] NorAny = [.. NoMore, "--inh-caps=-all", "--bounding-set=-all"];

    private static readonly Lazy<string[]> Strictest = new(() => new[] { NorAny, NoMore }.FirstOrDefault(Works) ?? []);

    /// <summary>What stands before a command; nothing unless this process is root.</summary>
    public static string[] Drop(ServiceAccount account) =>
        Environment.IsPrivilegedProcess
            ? [SystemPrograms.Find("setpriv"), $"--reuid={account.User.Name}", $"--regid={account.User.Group}", "--init-groups", .. Strictest.Value, "--"]
            : [];

    private static bool Works(string[] flags) =>
        Cli.Wrap(SystemPrograms.Find("setpriv")).WithArguments([.. flags, "--", "true"]).WithValidation(CommandResultValidation.None).ExecuteAsync().Task.GetAwaiter().GetResult().IsSuccess;
}
