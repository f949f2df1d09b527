using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>The example's shop, and an operator who follows the runbook word for word.</summary>
internal sealed partial class Night : IAsyncDisposable
{
    private readonly Dictionary<string, string> instants = [];

    public Workplace Work { get; } = new();

    private string Programs => Path.Combine(Work.Folder, "programs");

    private string ProgramFile => Path.Combine(Work.Project, "Pulumi.yaml");

    /// <summary>Starts the shop with three orders.</summary>
    public static async Task<Night> BeginAsync()
    {
        var night = new Night();
        try
        {
            await night.OpenShopAsync();
            return night;
        }
        catch
        {
            await night.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the shop; its orders are deleted between the two instants, which are noted.</summary>
    public static async Task<Night> ForgetAsync(string before, string tooLate)
    {
        var night = await BeginAsync();
        await night.NoteAsync(before);
        await night.QueryAsync("delete from orders");
        await night.NoteAsync(tooLate);
        return night;
    }

    public async Task<string> QueryAsync(string sql, string database = "orders", string port = "port") =>
        await RunAsync($"psql -At -v ON_ERROR_STOP=1 -p $(pulumi stack output {port}) {database} -c \"{sql}\"");

    /// <summary>Defines a placeholder of the page as the current time.</summary>
    public async Task NoteAsync(string instant) => instants[instant] = await QueryAsync("select to_json(clock_timestamp()) #>> '{}'", "postgres");

    /// <summary>Follows chapters: runs their commands and applies their changes of the program, in order.</summary>
    public async Task FollowAsync(params string[] chapters)
    {
        foreach (var instruction in chapters.SelectMany(chapter => Runbook.Chapters[chapter]))
        {
            var text = instants.Aggregate(instruction.Text, (soFar, instant) => soFar.Replace(instant.Key, instant.Value, StringComparison.Ordinal));
            if (instruction.Language == "diff")
            {
                await EditAsync(text);
            }
            else
            {
                await RunAsync(text);
            }
        }
    }

    /// <summary>Simulates an engine that is killed before it records the result: restores the earlier state.</summary>
    public async Task UpUnnotedAsync()
    {
        await RunAsync("mkdir ../before; cp -a .pulumi-* ../before; pulumi up --yes --skip-preview; rm -r .pulumi-*; mv ../before/.pulumi-* .");
    }

    /// <summary>Declares the restore as the page does, to one of its instants or to another.</summary>
    public async Task DeclareAsync(string instant)
    {
        await EditAsync(Runbook.Chapters["Restore beside it"][0].Text);
        await RunAsync($"pulumi config set restoreTime {instants.GetValueOrDefault(instant, instant)}");
    }

    /// <summary>Applies a diff without line numbers; a blank line separates places.</summary>
    private async Task EditAsync(string diff)
    {
        var program = await File.ReadAllTextAsync(ProgramFile);
        foreach (var lines in diff.Split("\n\n").Select(place => place.Split('\n')))
        {
            var parts = program.Split(Side(lines, '-'));
            Assert.True(parts.Length == 2, $"The program has {parts.Length - 1} times:\n{Side(lines, '-')}\nin\n{program}");
            program = string.Join(Side(lines, '+'), parts);
        }
        await File.WriteAllTextAsync(ProgramFile, program);
    }

    /// <summary>Runs commands in bash. All must succeed, except those that the page says are refused.</summary>
    public async Task<string> RunAsync(string commands)
    {
        var script = "set -eo pipefail\n" + Refused().Replace(commands, "! { ${command}; }");
        var result = await Cli.Wrap("bash").WithArguments(["-c", script]).WithWorkingDirectory(Work.Project)
            .WithEnvironmentVariables(environment => environment
                .Set("PATH", $"{Programs}:{Work.Bin}:{Environment.GetEnvironmentVariable("PATH")}")
                .Set("PGFLEET_HOME", Work.Home)
                .Set("PULUMI_CONFIG_PASSPHRASE", "tests")
                .Set("PULUMI_BACKEND_URL", $"file://{Work.Project}/.pulumi-backend")
                .Set("PGHOST", "127.0.0.1").Set("PGUSER", "shopkeeper").Set("PGSSLMODE", "require").Set("PGPASSWORD", Workplace.Password))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.IsSuccess, $"{commands}\n{result.StandardOutput}{result.StandardError}");
        return result.StandardOutput.TrimEnd('\n');
    }

    public ValueTask DisposeAsync() => Work.DisposeAsync();

    public async Task OpenShopAsync()
    {
        Directory.CreateDirectory(Programs);
        if (Work.Stack is MiniStack)
        {
            await File.WriteAllTextAsync(Path.Combine(Programs, "pulumi"), $"#!/bin/sh\nexec \"{AppContext.BaseDirectory}minien\" \"$@\"\n");
            await RunAsync($"chmod +x {Programs}/pulumi");
        }
        var example = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "instance-with-databases", "Pulumi.yaml"));
        await File.WriteAllTextAsync(ProgramFile, example.Replace("path: ../../bin", $"path: {Work.Bin}", StringComparison.Ordinal));
        await Work.Stack.ConfigureAsync("password", Workplace.Password, secret: true);
        await RunAsync("pulumi up --yes --skip-preview");
        await QueryAsync("create table orders (id int primary key, item text)");
        await QueryAsync("insert into orders values (1, 'lamp'), (2, 'chair'), (3, 'table')");
    }

    private static string Side(IEnumerable<string> lines, char sign) =>
        string.Concat(lines.Where(line => line[0] == ' ' || line[0] == sign).Select(line => line[1..] + "\n"));

    [GeneratedRegex(@"^(?<command>.+?)\s+# refused$", RegexOptions.Multiline)]
    private static partial Regex Refused();
}
