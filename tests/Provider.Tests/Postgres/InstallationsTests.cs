using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres;

namespace PgFleet.Tests.Postgres;

public sealed class InstallationsTests
{
    [Fact]
    public async Task Finds_what_is_installed()
    {
        var found = await new Installations([ScratchServer.BinDirectory]).GetAsync($"{ScratchServer.Major}", CancellationToken.None);
        Assert.Equal(ScratchServer.BinDirectory, found.BinDirectory);
        Assert.Equal($"{found.Version.Major}", found.Major);
    }

    [Fact]
    public async Task Finds_a_version_that_lies_where_it_is_told_to_look()
    {
        using var fake = new FakePostgres("postgres (PostgreSQL) 17.3 (somewhere)");
        var found = await new Installations([fake.Folder]).GetAsync("17", CancellationToken.None);
        Assert.Equal((fake.Folder, new Version(17, 3)), (found.BinDirectory, found.Version));
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 13.9", "13")]
    [InlineData("postgres (PostgreSQL) 19devel", "19")]
    public async Task Refuses_what_it_does_not_know_and_says_where_it_is(string version, string major)
    {
        using var fake = new FakePostgres(version);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => new Installations([fake.Folder]).GetAsync(major, CancellationToken.None));
        Assert.Equal(FailureKind.Missing, failure.Kind);
        Assert.Contains(fake.Folder, failure.Message);
    }

    private sealed class FakePostgres : IDisposable
    {
        public FakePostgres(string version)
        {
            foreach (var program in (string[])["postgres", "initdb"])
            {
                var path = Path.Combine(Folder, program);
                File.WriteAllText(path, $"#!/bin/sh\necho '{version}'\n");
                File.SetUnixFileMode(path, Modes.Program);
            }
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("pgf-bin-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
