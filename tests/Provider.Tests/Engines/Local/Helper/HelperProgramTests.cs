using PgFleet.Engines.Local.Helper;

namespace PgFleet.Tests.Engines.Local.Helper;

/// <summary>The program that servers run, and that the machine runs as root at boot.</summary>
[Trait("Requirement", "R-security")]
public sealed class HelperProgramTests
{
    [Fact]
    public async Task Nobody_else_reaches_it_while_it_is_copied()
    {
        await using var home = new TestHome();
        var source = Directory.CreateTempSubdirectory("pgf-source-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(source, "pgfleet"), "#!/bin/sh\n");
            await File.WriteAllTextAsync(Path.Combine(source, "pgfleet.dll"), "");
            var slow = Path.Combine(source, "slow");
            using (var pipe = System.Diagnostics.Process.Start("mkfifo", [slow]))
            {
                await pipe.WaitForExitAsync();
            }
            var helper = new HelperProgram(new(home.Folder), source);
            var installing = Task.Run(helper.Install);
            await File.WriteAllTextAsync(slow, "read for its hash");

            await Eventually.TrueAsync(() => Copies(home).Any(copy => File.Exists(Path.Combine(copy, "pgfleet"))), "it is being copied");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Assert.Single(Copies(home))));
            Assert.False(File.Exists(helper.Path));
            await File.WriteAllTextAsync(slow, "copied");
            await installing;
            Assert.Empty(Copies(home));
            Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(helper.Path));
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }

    private static IEnumerable<string> Copies(TestHome home) =>
        Directory.Exists($"{home.Folder}/bin") ? Directory.EnumerateDirectories($"{home.Folder}/bin", "*.new") : [];
}
