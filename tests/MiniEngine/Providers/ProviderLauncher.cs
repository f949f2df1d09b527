using System.Globalization;
using System.Text.Json.Nodes;
using MiniEngine.Programs;
using MiniEngine.Values;

namespace MiniEngine.Providers;

/// <summary>Finds a package's provider, starts it or attaches to it (protocol 1.1, 1.5, 1.6).</summary>
internal sealed class ProviderLauncher(Project project, StackConfig config, StackOptions options, string engineAddress, CancellationToken kill)
{
    public async Task<ProviderConnection> OpenAsync(string package, string? version)
    {
        if (options.InProcess?.Invoke(package) is { } inProcess)
            return await ProviderConnection.OpenAsync(inProcess, engineAddress, attach: AttachedPort(package) is not null, kill);
        if (AttachedPort(package) is { } port)
            return await ProviderConnection.OpenAsync(port, process: null, engineAddress, kill);
        var process = await ProviderProcess.StartAsync(Find(package, version), engineAddress, project.Folder, Environment(package));
        return await ProviderConnection.OpenAsync(process.Port, process, engineAddress, kill);
    }

    private int? AttachedPort(string package) =>
        (options.Variable("PULUMI_DEBUG_PROVIDERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':'))
            .Where(entry => entry is [var name, _] && name == package)
            .Select(entry => (int?)int.Parse(entry[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    private string Find(string package, string? version)
    {
        var program = $"pulumi-resource-{package}";
        var declared = project.Plugins.Where(plugin => plugin.Name == package && (version is null || plugin.Version is null || plugin.Version == version));
        var path = (options.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] folders = [.. declared.Select(plugin => plugin.Folder), .. path];
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new UserException($"There is no \"{program}\" under plugins.providers of Pulumi.yaml or on the PATH. Name its folder: plugins: {{ providers: [{{ name: {package}, path: … }}] }}");
    }

    private Dictionary<string, string?> Environment(string package)
    {
        var settings = config.OfPackage(package).Items.Select(item => KeyValuePair.Create(item.Key, Json.Reveal(item.Value)));
        return new(options.Environment)
        {
            ["PULUMI_PROJECT"] = project.Name,
            ["PULUMI_CONFIG"] = new JsonObject(settings).ToJsonString(Json.Readable),
        };
    }
}
