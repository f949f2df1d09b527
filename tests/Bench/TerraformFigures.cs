using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace PgFleet.Bench;

/// <summary>The program under Terraform: from its start to the handshake line, as shipped and managed, and a plan of fifty databases without changes.</summary>
internal static class TerraformFigures
{
    private const int Count = 50;
    private const int Runs = 7;

    private static readonly string Shipped = Path.Combine(Repository.Programs, "terraform-provider-pgfleet");

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "terraform"))))
        {
            await Console.Error.WriteLineAsync("No terraform on the PATH: its figures are left out.");
            yield break;
        }
        yield return ("terraform_start_to_line_ms", await StartAsync(Shipped));
        var managed = Path.Combine(Repository.Root, "provider", "bin", "Release", "net10.0", "pgfleet");
        if (File.Exists(managed))
        {
            yield return ("terraform_start_to_line_managed_ms", await StartAsync(managed));
        }

        // Each start is recorded by a wrapper that then executes the provider.
        var starts = Path.Combine(place.Folder, "starts");
        var counted = Path.Combine(Directory.CreateDirectory(Path.Combine(place.Folder, "counted")).FullName, "terraform-provider-pgfleet");
        await File.WriteAllTextAsync(counted, $"#!/bin/sh\necho >> {starts}\nexec {Shipped}\n");
        File.SetUnixFileMode(counted, (UnixFileMode)0b111_101_101);
        var project = Directory.CreateDirectory(Path.Combine(place.Folder, "fifty")).FullName;
        await WriteAsync(project, counted);
        yield return ("terraform_fifty_databases_apply_ms", await Place.MillisecondsAsync(() => TerraformAsync(place, project, "apply", "-auto-approve")));
        await File.WriteAllTextAsync(starts, "");
        var plans = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            plans.Add(await Place.MillisecondsAsync(() => TerraformAsync(place, project, "plan", "-detailed-exitcode")));
        }
        yield return ("terraform_fifty_databases_plan_ms", Place.Median(plans));
        yield return ("terraform_starts_per_plan", (await File.ReadAllLinesAsync(starts)).Length / (double)Runs);
        await TerraformAsync(place, project, "destroy", "-auto-approve");
    }

    private static async Task<double> StartAsync(string program)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            Process process = null!;
            var socket = "";
            times.Add(await Place.MillisecondsAsync(async () =>
            {
                process = Process.Start(new ProcessStartInfo(program)
                {
                    RedirectStandardOutput = true,
                    Environment = { ["TF_PLUGIN_MAGIC_COOKIE"] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", ["PLUGIN_CLIENT_CERT"] = Certificate.Value },
                })!;
                socket = (await process.StandardOutput.ReadLineAsync())!.Split('|')[3];
            }));
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(Path.GetDirectoryName(socket)!, recursive: true);
            process.Dispose();
        }
        return Place.Median(times);
    }

    private static readonly Lazy<string> Certificate = new(() =>
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        return new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1)).ExportCertificatePem();
    });

    private static async Task WriteAsync(string project, string program)
    {
        await File.WriteAllTextAsync(Path.Combine(project, "terraformrc"), $$"""
            provider_installation {
              dev_overrides {
                "pgfleet/pgfleet" = "{{Path.GetDirectoryName(program)}}"
              }
              direct {}
            }
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "main.tf"), $$"""
            terraform {
              required_providers {
                pgfleet = { source = "pgfleet/pgfleet" }
              }
            }
            resource "pgfleet_database_instance" "main" {
              name                = "main"
              username            = "shopkeeper"
              password            = "correct-horse"
              deletion_protection = false
            }
            resource "pgfleet_database" "shop" {
              count    = {{Count}}
              instance = pgfleet_database_instance.main.id
              name     = "shop${count.index}"
            }
            """);
    }

    private static Task TerraformAsync(Place place, string project, params string[] arguments) => Cli.Wrap("terraform").WithArguments(arguments).WithWorkingDirectory(project)
        .WithEnvironmentVariables(environment => environment
            .Set("TF_CLI_CONFIG_FILE", Path.Combine(project, "terraformrc")).Set("PGFLEET_HOME", place.Home).Set("TF_IN_AUTOMATION", "1").Set("CHECKPOINT_DISABLE", "1"))
        .ExecuteBufferedAsync();
}
