using System.Diagnostics;
using CliWrap;
using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>
/// The operating-system user that servers run as. All work in folders that servers can write is done by a process of this user, so that root follows no link
/// there.
/// </summary>
/// <param name="serviceUser">Used only when the provider runs as root: PostgreSQL refuses to run as root, and only root can change to another user.</param>
internal sealed class ServiceAccount(string serviceUser)
{
    /// <summary>Time limit for commands that read a file or two.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    private readonly Lazy<PosixUser?> user = new(() => Ownership.FindUser(Environment.IsPrivilegedProcess ? serviceUser : Environment.UserName));

    public string Name => Environment.IsPrivilegedProcess ? serviceUser : Environment.UserName;

    public bool Exists => user.Value is not null;

    public PosixUser User => user.Value ?? throw new ResourceFailure(
        FailureKind.Missing,
        $"The operating-system user \"{Name}\" does not exist, and PostgreSQL does not run as root.",
        $"Create it (useradd --system {Name}), or set {Term.Property("serviceUser")} to another.");

    /// <summary>Creates a folder that belongs to this user. Its parent must not be writable by that user.</summary>
    public void MakeFolder(string path)
    {
        Folders.Ensure(path, Modes.PrivateFolder);
        Ownership.Give(path, User.User, User.Group);
    }

    /// <summary>A command that is not waited for, such as a server, and whose output is not read.</summary>
    public Command Detached(params string[] command)
    {
        Posix.CloseInheritedOnExec();
        var variables = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in CleanEnvironment())
        {
            variables[name] = value;
        }
        return Cli.Wrap(SystemPrograms.Find("setsid")).WithArguments([.. Privileges.Drop(this), .. command]).WithEnvironmentVariables(variables).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None);
    }

    /// <summary>A command with none of the provider's environment, in a session of its own; see <see cref="ServiceProcess"/>.</summary>
    public ServiceProcess Process(params string[] command)
    {
        var start = new ProcessStartInfo(SystemPrograms.Find("setsid"), [.. Privileges.Drop(this), .. command])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CleanEnvironment())
        {
            start.Environment[name] = value;
        }
        return new(start, $"\"{Path.GetFileName(command[0])}\", run as \"{Name}\",");
    }

    /// <exception cref="ResourceFailure">The command exceeds its time limit or its output limit.</exception>
    public Task<ServiceResult> TryAsync(CancellationToken cancel, params string[] command) => TryAsync(DefaultTimeout, cancel, command);

    /// <inheritdoc cref="TryAsync(CancellationToken, string[])"/>
    public Task<ServiceResult> TryAsync(TimeSpan limit, CancellationToken cancel, params string[] command) => Process(command).RunAsync("", null, limit, cancel);

    /// <exception cref="ResourceFailure">The command's exit code is not 0, or it exceeds its time limit or its output limit.</exception>
    public Task<string> RunAsync(CancellationToken cancel, params string[] command) => RunAsync("", DefaultTimeout, command, cancel);

    /// <inheritdoc cref="RunAsync(CancellationToken, string[])"/>
    public Task<string> RunAsync(TimeSpan limit, CancellationToken cancel, params string[] command) => RunAsync("", limit, command, cancel);

    /// <summary>Runs a command with <paramref name="input"/> on its stdin.</summary>
    /// <inheritdoc cref="RunAsync(CancellationToken, string[])"/>
    public Task<string> RunAsync(string input, CancellationToken cancel, params string[] command) => RunAsync(input, DefaultTimeout, command, cancel);

    private async Task<string> RunAsync(string input, TimeSpan limit, string[] command, CancellationToken cancel)
    {
        var result = await Process(command).RunAsync(input, null, limit, cancel);
        return result.IsSuccess
            ? result.StandardOutput
            : throw new ResourceFailure(
                FailureKind.Unavailable,
                $"\"{Path.GetFileName(command[0])}\", run as \"{Name}\", ended with {result.ExitCode}: {result.StandardError.Trim()}.",
                "Correct what it names, then run this again.");
    }

    private IEnumerable<(string Name, string Value)> CleanEnvironment()
    {
        yield return ("LC_ALL", "C.UTF-8");
        yield return ("PATH", SystemPrograms.Folders);
        yield return ("HOME", User.Home);
        // The archive command may need it to find its .NET runtime.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } runtime)
        {
            yield return ("DOTNET_ROOT", runtime);
        }
    }
}
