using System.Globalization;
using CliWrap;
using PgFleet.Engines.Local.Helper;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Processes;

/// <summary>
/// Starts the instances at boot: with a systemd unit where the provider is root, else with a line for the user's own mechanism, such as cron.
/// </summary>
/// <param name="home">The fleet's home.</param>
/// <param name="helper">The program that the unit runs.</param>
/// <param name="unit">The unit's path.</param>
internal sealed class BootUnit(Home home, HelperProgram helper, string unit = BootUnit.DefaultUnit)
{
    public const string DefaultUnit = "/etc/systemd/system/pgfleet.service";
    private const string SystemdRuns = "/run/systemd/system"; // sd_booted(3)

    /// <remarks>
    /// --for-machine distinguishes these calls from a person's: otherwise stopped servers would stay down after a reboot, or all would start.
    /// </remarks>
    private string Start => $"{helper.Path} start --all --for-machine --home {home.Root}";

    private string Stop => $"{helper.Path} stop --all --for-machine --home {home.Root}";

    /// <exception cref="ResourceFailure">Another user could replace the program, which would run as root.</exception>
    /// <returns>Null when everything is done; else the line for the user to install, such as in a crontab.</returns>
    public async Task<string?> InstallAsync(CancellationToken cancel)
    {
        helper.Install();
        if (Trust.FindForeign(helper.Path) is { } foreign)
        {
            throw new ResourceFailure(
                FailureKind.Refused, $"\"{helper.Path}\" is not made to start with the machine: {Trust.Describe(foreign)}.", "Have a home whose parents belong to root, or to the user that runs it, alone.");
        }
        if (!Directory.Exists(SystemdRuns) || !Environment.IsPrivilegedProcess)
        {
            return $"@reboot {Start}";
        }
        DurableFile.Write(unit, Text, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await SystemctlAsync(cancel, "daemon-reload");
        await SystemctlAsync(cancel, "enable", Path.GetFileName(unit));
        return null;
    }

    public async Task RemoveAsync(CancellationToken cancel)
    {
        if (File.Exists(unit))
        {
            await SystemctlAsync(cancel, "disable", Path.GetFileName(unit));
            File.Delete(unit);
            await SystemctlAsync(cancel, "daemon-reload");
        }
    }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"""
        [Unit]
        Description=PostgreSQL servers of pgfleet in {home.Root}
        After=network-online.target local-fs.target
        Wants=network-online.target
        RequiresMountsFor={home.Root}

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart={Start}
        ExecStop={Stop}
        TimeoutSec=infinity

        [Install]
        WantedBy=multi-user.target

        """);

    private static Task SystemctlAsync(CancellationToken cancel, params string[] arguments) =>
        Cli.Wrap(SystemPrograms.Find("systemctl")).WithArguments(arguments).ExecuteAsync(cancel);
}
