using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace MiniEngine.Pulumi;

/// <summary>
/// The same stack driven by the real <c>pulumi</c>, its backend being a folder of the project.
/// NOT RUN YET: no <c>pulumi</c> could be had where this was written. Its first run is its first test.
/// </summary>
internal sealed class PulumiStack(string folder, StackOptions settings) : IStack
{
    private const string Program = "pulumi";
    private readonly string backend = Path.Combine(folder, ".pulumi-backend");

    public static bool IsInstalled(StackOptions options) =>
        (options.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(path => File.Exists(Path.Combine(path, Program)));

    public async Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default)
    {
        await SelectAsync(cancel);
        await RunAsync(["config", "set", secret ? "--secret" : "--plaintext", key, value], cancel);
    }

    public Task<StackResult> PreviewAsync(RunOptions? options = null, CancellationToken cancel = default) => OperateAsync("preview", Arguments(options), cancel);

    public Task<StackResult> UpAsync(RunOptions? options = null, CancellationToken cancel = default) =>
        OperateAsync("up", ["--yes", .. Arguments(options), .. settings.SkipPreview ? (string[])["--skip-preview"] : []], cancel);

    public Task<StackResult> RefreshAsync(RunOptions? options = null, CancellationToken cancel = default) =>
        OperateAsync("refresh", ["--yes", "--clear-pending-creates", .. Arguments(options is null ? null : options with { Refresh = false })], cancel);

    public async Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default)
    {
        var code = Path.Combine(backend, "imported.yaml");
        var result = await OperateAsync("import", [type, name, id, "--yes", $"--protect={(protect ? "true" : "false")}", "--out", code], cancel);
        return result with { Program = File.Exists(code) ? await File.ReadAllTextAsync(code, cancel) : null };
    }

    public Task<StackResult> DestroyAsync(RunOptions? options = null, CancellationToken cancel = default) => OperateAsync("destroy", ["--yes", .. Arguments(options)], cancel);

    public async Task TaintAsync(string urn, CancellationToken cancel = default)
    {
        await SelectAsync(cancel);
        await RunAsync(["state", "taint", urn, "--yes", "--stack", settings.Stack], cancel);
    }

    private static string[] Arguments(RunOptions? options) => options is null ? [] :
    [
        .. options.Refresh ? (string[])["--refresh"] : [],
        .. options.RunProgram ? (string[])["--run-program"] : [],
        .. options.Targets.SelectMany(urn => (string[])["--target", urn]),
        .. options.TargetDependents ? (string[])["--target-dependents"] : [],
        .. options.Replace.SelectMany(urn => (string[])["--replace", urn]),
    ];

    private async Task<StackResult> OperateAsync(string verb, string[] arguments, CancellationToken cancel)
    {
        await SelectAsync(cancel);
        var log = Path.Combine(backend, "events.json");
        File.Delete(log);
        var parallel = settings.Parallel.ToString(CultureInfo.InvariantCulture);
        var ended = await TryAsync([verb, .. arguments, "--stack", settings.Stack, "--non-interactive", "--parallel", parallel, "--event-log", log], cancel);
        var events = File.Exists(log) ? await File.ReadAllLinesAsync(log, cancel) : [];
        var outputs = await RunAsync(["stack", "output", "--json", "--show-secrets"], cancel);
        var masked = await RunAsync(["stack", "output", "--json"], cancel);
        var state = await RunAsync(["stack", "export", "--show-secrets"], cancel);
        return PulumiReport.Read(ended.IsSuccess, ended.StandardError, events, outputs, masked, state);
    }

    private async Task SelectAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(backend);
        await RunAsync(["stack", "select", "--create", settings.Stack], cancel);
    }

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancel)
    {
        var ended = await TryAsync(arguments, cancel);
        return ended.IsSuccess ? ended.StandardOutput : throw new UserException($"{Program} {string.Join(' ', arguments.Take(2))}: {ended.StandardError}");
    }

    /// <summary>A cancelled run is interrupted, as by Ctrl-C.</summary>
    private async Task<BufferedCommandResult> TryAsync(string[] arguments, CancellationToken cancel) =>
        await Command(arguments).ExecuteBufferedAsync(System.Text.Encoding.UTF8, System.Text.Encoding.UTF8, CancellationToken.None, cancel);

    private Command Command(string[] arguments) =>
        Cli.Wrap(Program).WithArguments(arguments).WithWorkingDirectory(folder).WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(new Dictionary<string, string?>(settings.Environment)
            {
                ["PULUMI_BACKEND_URL"] = $"file://{backend}",
                ["PULUMI_SKIP_UPDATE_CHECK"] = "true",
                ["PULUMI_DEBUG_COMMANDS"] = "true", // --event-log is hidden without it
            });
}
