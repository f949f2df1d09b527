using System.Diagnostics;

namespace PgFleet.EndToEnd;

/// <summary>The directory of an application "shop-app", beside the program.</summary>
internal sealed class AppFolder
{
    private readonly string folder;

    public AppFolder(Workplace work, params string[] migrations)
    {
        folder = Path.Combine(work.Project, "app");
        Directory.CreateDirectory(folder);
        Migrate(migrations);
    }

    public string Config => Path.Combine(folder, "dbos-config.yaml");

    /// <summary>The application, declared on the left margin.</summary>
    public static string Declaration(string more = "", string instance = "${main.id}", string name = "shop-app") => $$"""

        {{name}}:
          type: pgfleet:index:Application
          properties:
            name: {{name}}
            directory: app
            instance: {{instance}}
        {{string.Join('\n', more.Split('\n').Select(line => $"    {line}"))}}
        """;

    /// <summary>Writes the configuration with these commands.</summary>
    public void Migrate(params string[] commands) => Write(
        "dbos-config.yaml",
        $"name: shop-app\ndatabase:\n  hostname: localhost\n  migrate:{(commands.Length == 0 ? " []" : "")}\n{string.Concat(commands.Select(command => $"    - {Quoted(command)}\n"))}");

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        File.WriteAllText(Path.Combine(folder, file), text);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(folder, file));

    /// <summary>Runs a command in the folder, as its developer would.</summary>
    public async Task RunAsync(string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
    }

    private static string Quoted(string command) => $"'{command.Replace("'", "''", StringComparison.Ordinal)}'";
}
