using System.Net;
using System.Net.Sockets;

namespace PgFleet.Protocol;

/// <summary>The working directory, umask and descriptors that a caller passes to the provider, possibly with bad intentions.</summary>
[Trait("Requirement", "R-security")]
public sealed class SurroundingsTests
{
    /// <summary>The system programs that are run, and that a folder could shadow.</summary>
    private static readonly string[] Programs = ["setsid", "setpriv", "systemctl", "sh", "postgres", "initdb", "find", "od", "test"];

    [Fact]
    public async Task What_lies_in_the_folder_that_it_is_started_in_has_no_say()
    {
        await using var home = new TemporaryHome();
        var folder = Directory.CreateTempSubdirectory("pgf-cwd-");
        try
        {
            var (taken, port) = (Path.Combine(folder.FullName, "taken"), FreePort.Find());
            foreach (var program in Programs)
            {
                var path = Path.Combine(folder.FullName, program);
                await File.WriteAllTextAsync(path, $"#!/bin/sh\necho $0 >>{taken}\n");
                File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
            }
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "appsettings.json"), $$"""{"Kestrel": {"Endpoints": {"Other": {"Url": "http://127.0.0.1:{{port}}", "Protocols": "Http2"} } } }""");

            await using var run = await EngineRun.BeginAsync(home.Path, $"cd {folder.FullName}");
            await run.CreateAsync(Wire.Instance, "srv", Wire.Struct("""{"name": "main", "username": "shopkeeper", "password": "correct-horse"}"""), preview: true);
            Assert.False(File.Exists(taken), File.Exists(taken) ? await File.ReadAllTextAsync(taken) : "");
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("000")]
    [InlineData("077")]
    public async Task Whatever_the_umask_and_whatever_is_open_nobody_else_gets_at_the_home_and_no_server_at_what_is_open(string umask)
    {
        await using var home = new TemporaryHome();
        var secret = Path.Combine(home.Path, "secret");
        await File.WriteAllTextAsync(secret, "of the caller's");
        await using (var run = await EngineRun.BeginAsync(Path.Combine(home.Path, "h"), $"umask {umask}; exec 7<{secret}"))
        {
            Assert.NotEmpty(Processes.WithOpen(secret)); // the provider itself

            var main = await run.CreateAsync(Wire.Instance, "srv", Wire.Struct("""{"name": "main", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false}"""));
            Judge(home, secret, umask);
            Directory.CreateDirectory($"{home.Path}/app");
            await File.WriteAllTextAsync($"{home.Path}/app/dbos-config.yaml", "name: shop\ndatabase:\n  migrate: [\"! test -e /proc/self/fd/7\"]\n");
            var application = await run.CreateAsync("pgfleet:index:Application", "app", Wire.Struct($$"""{"name": "shop-app", "directory": "{{home.Path}}/app", "instance": "main"}"""));
            Judge(home, secret, umask);
            await run.CreateAsync("pgfleet:index:RestoredInstance", "copy", Wire.Struct("""{"name": "copy", "sourceInstance": "main", "restoreTime": "latest"}"""));
            Judge(home, secret, umask);
            await run.DeleteAsync(application);
            await run.DeleteAsync(main);
            Judge(home, secret, umask);
        }
    }

    private static void Judge(TemporaryHome home, string secret, string umask)
    {
        var top = new DirectoryInfo(Path.Combine(home.Path, "h"));
        foreach (var found in top.EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var (mode, name) = (found.UnixFileMode, Path.GetRelativePath(top.FullName, found.FullName));
            if (name.Contains("/socket/.s.PGSQL", StringComparison.Ordinal))
            {
                // PostgreSQL's socket is open to every user, who must then authenticate; its folder is not.
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(found.FullName)!));
                continue;
            }
            Assert.False(mode.HasFlag(UnixFileMode.OtherWrite) || mode.HasFlag(UnixFileMode.GroupWrite), $"umask {umask}: {name} is {mode}");
            Assert.False(mode.HasFlag(UnixFileMode.OtherRead) && !name.StartsWith("bin", StringComparison.Ordinal), $"umask {umask}: {name} is {mode}");
            Assert.False(found is FileInfo && mode.HasFlag(UnixFileMode.GroupRead) && !name.StartsWith("bin/", StringComparison.Ordinal) && !name.Contains("/conf/", StringComparison.Ordinal), $"umask {umask}: {name} is {mode}");
            Assert.True(!name.StartsWith("bin", StringComparison.Ordinal) || mode.HasFlag(UnixFileMode.OtherExecute) || found is FileInfo, $"umask {umask}: {name} is {mode}");
        }
        Assert.NotEmpty(Processes.WorkingIn(home.Path));
        Assert.Empty(Processes.WithOpen(secret).Intersect(Processes.WorkingIn(home.Path)));
    }
}
