using CliWrap;
using CliWrap.Buffered;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>The operating-system user that servers run as. Whatever is done in a folder that servers may write is done by a process of this user, so that root follows no link there.</summary>
/// <param name="serviceUser">Of no meaning unless the provider is root: PostgreSQL refuses to run as root, and nobody else may change to another user.</param>
internal sealed class ServiceAccount(string serviceUser)
{
    private const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly Lazy<PosixUser?> user = new(() => Ownership.FindUser(Environment.IsPrivilegedProcess ? serviceUser : Environment.UserName));

    public string Name => Environment.IsPrivilegedProcess ? serviceUser : Environment.UserName;

    public bool Exists => user.Value is not null;

    public PosixUser User => user.Value ?? throw new ResourceFailure(
        FailureKind.Missing,
        $"The operating-system user \"{Name}\" does not exist, and PostgreSQL does not run as root.",
        $"Create it (useradd --system {Name}), or set serviceUser to another.");

    /// <summary>A new folder that belongs to this user. Its parent must not be writable by that user.</summary>
    public void MakeFolder(string path)
    {
        Folders.Ensure(path, Modes.PrivateFolder);
        Ownership.Give(path, User.User, User.Group);
    }

    /// <summary>A command with nothing of the provider's environment.</summary>
    public Command Command(params string[] command)
    {
        string[] all = [.. AsUser(), "env", "-i", .. CleanEnvironment(), .. command];
        return Cli.Wrap(all[0]).WithArguments(all[1..]).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None);
    }

    public Task<BufferedCommandResult> TryAsync(CancellationToken cancel, params string[] command) =>
        Command(command).ExecuteBufferedAsync(cancel).Task;

    /// <exception cref="ResourceFailure">The command's exit code is not 0.</exception>
    public Task<string> RunAsync(CancellationToken cancel, params string[] command) => RunAsync("", cancel, command);

    /// <param name="input">What the command reads.</param>
    public async Task<string> RunAsync(string input, CancellationToken cancel, params string[] command)
    {
        var result = await Command(command).WithStandardInputPipe(PipeSource.FromString(input)).ExecuteBufferedAsync(cancel);
        return result.IsSuccess
            ? result.StandardOutput
            : throw new ResourceFailure(
                FailureKind.Unavailable,
                $"\"{Path.GetFileName(command[0])}\", run as \"{Name}\", ended with {result.ExitCode}: {result.StandardError.Trim()}.",
                "Correct what it names, then run this again.");
    }

    private string[] AsUser() =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User.Name}", $"--regid={User.Group}", "--init-groups", "--"] : [];

    private IEnumerable<string> CleanEnvironment()
    {
        yield return "LC_ALL=C.UTF-8";
        yield return $"PATH={SystemPath}";
        yield return $"HOME={User.Home}";
        // The program that archives may need it to find its runtime.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } runtime)
        {
            yield return $"DOTNET_ROOT={runtime}";
        }
    }
}
