using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace PgFleet.EndToEnd.Terraform;

/// <summary>A folder with a Terraform program, and a fleet's home. Deleted with every server in it.</summary>
internal sealed class TerraformPlace : IAsyncDisposable
{
    public const string Source = "registry.terraform.io/pgfleet/pgfleet";

    public TerraformPlace(Workplace? work = null)
    {
        Work = work ?? new();
        Configure($$"""
            provider_installation {
              dev_overrides {
                "{{Source}}" = "{{Repository.Programs}}"
              }
              direct {}
            }
            """);
    }

    public Workplace Work { get; }

    /// <summary>The password of every server that is declared with <c>var.password</c>.</summary>
    public string Password { get; set; } = Workplace.Password;

    /// <summary>Terraform's CLI configuration file.</summary>
    private string Settings => Path.Combine(Work.Folder, "terraformrc");

    private string StateFile => Path.Combine(Work.Project, "terraform.tfstate");

    public string State => File.Exists(StateFile) ? File.ReadAllText(StateFile) : "{}";

    public void Configure(string settings) => File.WriteAllText(Settings, settings);

    /// <summary>Writes the program, beside the lines that every one begins with; <c>var.password</c> is sensitive, <c>var.secret</c> ephemeral, and both are the same.</summary>
    public void Write(string program)
    {
        var variables = from variable in new[] { ("password", "sensitive"), ("secret", "ephemeral") }
                        where program.Contains($"var.{variable.Item1}", StringComparison.Ordinal)
                        select $"variable \"{variable.Item1}\" {{\n  {variable.Item2} = true\n}}\n";
        File.WriteAllText(Path.Combine(Work.Project, "main.tf"), $$"""
            terraform {
              required_providers {
                pgfleet = { source = "{{Source}}" }
              }
            }
            {{string.Concat(variables)}}
            {{program}}
            """);
    }

    /// <summary>Puts a file of an example beside the others.</summary>
    public void CopyExample(string example, string file) =>
        File.Copy(Path.Combine(Repository.Root, "examples", "terraform", example, file), Path.Combine(Work.Project, file));

    /// <summary>Deletes the state, as if it was lost.</summary>
    public void Forget() => File.Delete(StateFile);

    /// <summary>Imports with import blocks, and makes Terraform generate the configuration. It lacks the password, which cannot be read, and the plan says so.</summary>
    /// <param name="password">The missing attribute.</param>
    public async Task GenerateAsync(string password, params (string Address, string Id)[] imports)
    {
        Write($"# What is generated needs var.password.\n{string.Concat(imports.Select(import => $"import {{\n  to = {import.Address}\n  id = \"{import.Id}\"\n}}\n"))}");
        var first = await PlanAsync("-generate-config-out=generated.tf");
        Assert.Contains($"write {password}, or {password}_wo", Assert.Single(first.Errors).Detail, StringComparison.Ordinal);
        var file = Path.Combine(Work.Project, "generated.tf");
        var generated = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain(Password, generated, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, Regex.Replace(generated, $@"\b{password} += null # sensitive", $"{password} = var.password"));
    }

    public static string Instance(string more = "", string name = "main", bool isProtected = false) => $$"""
        resource "pgfleet_database_instance" "main" {
          name                = "{{name}}"
          username            = "shopkeeper"
          password            = var.password
          deletion_protection = {{(isProtected ? "true" : "false")}}
          {{more}}
        }
        """;

    public static string Database(string name, string more = "", string instance = "pgfleet_database_instance.main.id") => $$"""

        resource "pgfleet_database" "{{name}}" {
          instance = {{instance}}
          name     = "{{name}}"
          {{more}}
        }
        """;

    public static string Restored(string time, string more = "", string source = "pgfleet_database_instance.main.id") => $$"""

        resource "pgfleet_restored_instance" "undone" {
          name            = "undone"
          source_instance = {{source}}
          restore_time    = "{{time}}"
          password        = var.password
          {{more}}
        }
        """;

    /// <summary>The application of an <see cref="AppFolder"/>.</summary>
    public static string Application(string more = "", string instance = "pgfleet_database_instance.main.id") => $$"""

        resource "pgfleet_application" "shop" {
          name      = "shop-app"
          directory = "app"
          instance  = {{instance}}
          {{more}}
        }
        """;

    public Task<TerraformResult> PlanAsync(params string[] more) => RunAsync(["plan", "-json", .. more]);

    public Task<TerraformResult> ApplyAsync(params string[] more) => RunAsync(["apply", "-json", "-auto-approve", .. more]);

    public Task<TerraformResult> DestroyAsync() => ApplyAsync("-destroy");

    public async Task<TerraformResult> AppliedAsync(params string[] more) => Succeeded(await ApplyAsync(more));

    /// <summary>Requires that nothing is left to do. On a busy machine, a server that does not answer in time is planned to be repaired; the plan is repeated.</summary>
    public async Task SettledAsync(params string[] more)
    {
        const int Looks = 12;
        var plan = Succeeded(await PlanAsync(more));
        for (var looked = 1; plan.Changes.Count > 0 && looked < Looks; looked++)
        {
            plan = Succeeded(await PlanAsync(more));
        }
        Assert.True(plan.Changes.Count == 0, plan.Text);
    }

    /// <summary>The complete planned change of one resource: its action, and its attributes before and after.</summary>
    public async Task<JsonElement> PlannedAsync(string address)
    {
        Succeeded(await RunAsync("plan", "-out=plan"));
        var shown = Succeeded(await RunAsync("show", "-json", "plan"));
        return JsonDocument.Parse(shown.Text).RootElement.GetProperty("resource_changes").EnumerateArray()
            .Single(change => change.GetProperty("address").GetString() == address).GetProperty("change");
    }

    public async Task<TerraformResult> RunAsync(params string[] arguments)
    {
        var result = await Command(arguments).ExecuteBufferedAsync();
        return new(result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Applies, and interrupts terraform and the provider as Ctrl-C does once a condition holds.</summary>
    public async Task<TerraformResult> InterruptedAsync(Func<bool> when, string what, params string[] more)
    {
        var running = Command(["apply", "-json", "-auto-approve", .. more]).ExecuteBufferedAsync();
        // terraform ends by itself eventually, so no time limit is needed here.
        while (!when())
        {
            Assert.False(running.Task.IsCompleted, $"It has ended, and it was never seen that {what}.");
            await Task.Delay(5);
        }
        Processes.Send(Signal.Interrupt, running.ProcessId);
        Work.Send(Signal.Interrupt, process => process.StartsWith(Path.Combine(Repository.Programs, "terraform-provider-pgfleet"), StringComparison.Ordinal));
        var result = await running;
        return new(result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>A resource's attributes in the state file.</summary>
    public JsonElement Recorded(string address)
    {
        var resource = Resources().Single(resource => $"{resource.GetProperty("type").GetString()}.{resource.GetProperty("name").GetString()}" == address);
        return resource.GetProperty("instances")[0].GetProperty("attributes");
    }

    /// <summary>True if the state contains the resource.</summary>
    public bool Has(string address) => Resources().Any(resource => $"{resource.GetProperty("type").GetString()}.{resource.GetProperty("name").GetString()}" == address);

    public bool IsTainted(string address) => Resources().Any(resource =>
        $"{resource.GetProperty("type").GetString()}.{resource.GetProperty("name").GetString()}" == address
        && resource.GetProperty("instances")[0].TryGetProperty("status", out var status) && status.GetString() == "tainted");

    public string Uri(string address) => Recorded(address).GetProperty("connection_uri").GetString()!;

    public Task<object?> QueryAsync(string address, string sql, string database) =>
        Workplace.ScalarAsync(Uri(address).Replace("/postgres?", $"/{database}?", StringComparison.Ordinal), sql, Password);

    public ValueTask DisposeAsync() => Work.DisposeAsync();

    public static TerraformResult Succeeded(TerraformResult result)
    {
        Assert.True(result.Code == 0, result.Text);
        return result;
    }

    private IEnumerable<JsonElement> Resources() =>
        JsonDocument.Parse(State).RootElement.TryGetProperty("resources", out var resources)
            ? resources.EnumerateArray().Where(resource => resource.GetProperty("mode").GetString() == "managed" && resource.GetProperty("instances").GetArrayLength() > 0)
            : [];

    private Command Command(params string[] arguments) => Cli.Wrap("terraform").WithArguments(arguments).WithWorkingDirectory(Work.Project)
        .WithEnvironmentVariables(environment => environment
            .Set("TF_CLI_CONFIG_FILE", Settings)
            .Set("TF_IN_AUTOMATION", "1").Set("TF_INPUT", "0").Set("CHECKPOINT_DISABLE", "1")
            .Set("TF_VAR_password", Password).Set("TF_VAR_secret", Password).Set("TF_VAR_admin_password", Password)
            .Set("PGFLEET_HOME", Work.Home))
        .WithValidation(CommandResultValidation.None);
}
