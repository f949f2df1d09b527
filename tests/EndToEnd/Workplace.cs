using System.Collections.Immutable;
using System.Diagnostics;
using MiniEngine;
using MiniEngine.Pulumi;
using Npgsql;

namespace PgFleet.EndToEnd;

/// <summary>A folder with a Pulumi program, a fleet's home, and the stack that runs the program there. Deleted with every server in it.</summary>
internal sealed class Workplace : IAsyncDisposable
{
    public const string Password = "correct-horse";

    private readonly DirectoryInfo folder;

    // Short, because a server's socket is below it and a socket's path is limited to 107 bytes.
    public Workplace()
    {
        folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"pgf-{Guid.NewGuid().ToString("N")[..8]}"));
        Directory.CreateDirectory(Project);
        Stack = OpenStack();
    }

    public string Folder => folder.FullName;

    public string Home => Path.Combine(Folder, "home");

    public string Project => Path.Combine(Folder, "shop");

    /// <summary>The folder of the provider's program.</summary>
    public string Bin { get; set; } = Repository.Programs;

    public IStack Stack { get; }

    /// <summary>Writes the program: its resources, and outputs if any, in YAML.</summary>
    public void Write(string resources, string outputs = "", string variables = "")
    {
        var program = $"""
            name: shop
            runtime: yaml
            plugins:
              providers:
                - name: pgfleet
                  path: {Bin}
            config:
              password:
                type: string
                secret: true
                default: {Password}
              server:
                type: string
                default: main
            """;
        program += Section("variables", variables) + Section("resources", resources) + Section("outputs", outputs);
        File.WriteAllText(Path.Combine(Project, "Pulumi.yaml"), program + "\n");
    }

    /// <summary>An instance "main", declared on the left margin.</summary>
    public static string Instance(string more = "", string name = "main", bool isProtected = false) => $$"""
        main:
          type: pgfleet:index:DatabaseInstance
          properties:
            name: {{name}}
            username: shopkeeper
            password: ${password}
            deletionProtection: {{(isProtected ? "true" : "false")}}
        {{Indent(more, 4)}}
        """;

    public static string Database(string name, string more = "", string instance = "${main.id}") => $$"""

        {{name}}:
          type: pgfleet:index:Database
          properties:
            instance: {{instance}}
            name: {{name}}
        {{Indent(more, 4)}}
        """;

    public async Task<StackResult> UpAsync() => Succeeded(await Stack.UpAsync());

    public static StackResult Succeeded(StackResult result)
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message).Concat(result.Steps.Select(step => step.Error ?? ""))));
        return result;
    }

    /// <param name="pattern">A path; its last part may hold a wildcard.</param>
    public static bool Has(string pattern) =>
        Directory.Exists(Path.GetDirectoryName(pattern)) && Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern)).Any();

    /// <summary>All messages of a failed run.</summary>
    public static string Told(StackResult result) =>
        string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message).Concat(result.Steps.Select(step => step.Error)));

    public static async Task<NpgsqlConnection> ConnectAsync(string uri, string? password = null)
    {
        var parts = new Uri(uri);
        var user = parts.UserInfo.Split(':').Select(Uri.UnescapeDataString).ToArray();
        var connection = new NpgsqlConnection(
            $"Host={parts.Host};Port={parts.Port};Username={user[0]};Password={password ?? user.ElementAtOrDefault(1)};Database={Uri.UnescapeDataString(parts.AbsolutePath.Trim('/'))};SSL Mode=Require;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public static async Task<object?> ScalarAsync(string uri, string sql, string? password = null)
    {
        await using var connection = await ConnectAsync(uri, password);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <returns>The exit code and the output.</returns>
    public Task<(int Code, string Out, string Error)> PgFleetAsync(params string[] arguments) => AnsweredPgFleetAsync("", arguments);

    /// <summary>Runs pgfleet with <paramref name="answer"/> on its stdin.</summary>
    public async Task<(int Code, string Out, string Error)> AnsweredPgFleetAsync(string answer, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Programs, "pgfleet"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGFLEET_HOME"] = Home },
        };
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(answer);
            process.StandardInput.Close();
        }
        catch (IOException) // it did not read stdin
        {
        }
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Another stack of the same program on the same home.</summary>
    public IStack OpenStack(string name = "dev") => Stacks.Open(Project, new()
    {
        Stack = name,
        Environment = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string?>
        {
            ["PGFLEET_HOME"] = Home,
            ["PULUMI_CONFIG_PASSPHRASE"] = "tests",
        }),
    });

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(Folder);
        folder.Delete(recursive: true);
    }

    /// <summary>The command lines of the processes that work on this place's home or program, with arguments terminated by NUL.</summary>
    public IEnumerable<string> CommandLines() => OwnProcesses().Select(process => process.CommandLine);

    /// <summary>Sends a signal to the matching processes of <see cref="CommandLines"/>.</summary>
    public void Send(Signal signal, Func<string, bool> isMeant)
    {
        foreach (var (process, _) in OwnProcesses().Where(process => isMeant(process.CommandLine)).ToList())
        {
            Processes.Send(signal, process);
        }
    }

    private IEnumerable<(string Folder, string CommandLine)> OwnProcesses() =>
        from process in Processes.All()
        let commandLine = Read($"{process}/cmdline")
        where Processes.WorksIn(Folder, process) || commandLine.Contains(Folder, StringComparison.Ordinal)
        select (process, commandLine);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) // the process has ended, or belongs to another user
        {
            return "";
        }
    }

    private static string Section(string name, string body) => body.Length == 0 ? "" : $"\n{name}:\n{Indent(body, 2)}";

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Where(line => line.Trim().Length > 0).Select(line => new string(' ', by) + line));
}
