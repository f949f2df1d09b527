using System.Security.Cryptography;
using PgFleet.Applications;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Tests.Applications;

public sealed class ApplicationStoreTests : IDisposable
{
    /// <summary>A record as the first release wrote it.</summary>
    private const string FirstFormat = """
        {
          "format": 1,
          "name": "shop",
          "instance": "main",
          "database": "shop",
          "directory": "../shop",
          "versions": [
            { "id": "20260131T120000Z-0a1b2c", "time": "2026-01-31T12:00:00.000001+00:00", "sourceHash": "e3b0", "instance": "main" },
            { "id": "20260201T120000Z-3d4e5f", "time": "2026-02-01T12:00:00.5+00:00", "sourceHash": "a1b2", "instance": "undone" }
          ]
        }
        """;

    private readonly Home home = new(Directory.CreateTempSubdirectory("pgf-").FullName);

    private ApplicationStore Store => new(home, TimeProvider.System);

    private string Folder => Path.Combine(home.Applications, "shop");

    public void Dispose() => Directory.Delete(home.Root, recursive: true);

    [Fact]
    public void Reads_a_record_of_the_first_format()
    {
        WriteRecord(FirstFormat);
        var record = Store.Find("shop")!;
        Assert.Equal(("shop", "main", "shop", "../shop"), (record.Name, record.Instance, record.Database, record.Directory));
        Assert.Equal(("20260201T120000Z-3d4e5f", "a1b2", "undone"), (record.Current.Id, record.Current.SourceHash, record.Current.Instance));
        Assert.Equal(["shop"], Store.BoundTo("main"));
        Assert.Empty(Store.BoundTo("undone"));
    }

    /// <summary>Servers may have their data on the same disk.</summary>
    [Fact]
    public async Task What_does_not_fit_on_the_disk_is_not_left_there()
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "Only root mounts a small disk.");
        await using var disk = await SmallDisk.MountAsync(home.Applications, megabytes: 2);
        var source = Directory.CreateDirectory(Path.Combine(home.Root, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "dbos-config.yaml"), "");
        await File.WriteAllBytesAsync(Path.Combine(source, "large"), RandomNumberGenerator.GetBytes(4 << 20));

        await Assert.ThrowsAsync<IOException>(() => Store.KeepAsync("shop", new(source), CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Node_knows_the_server_s_authority_and_whatever_the_user_had_it_know()
    {
        Directory.CreateDirectory(Folder);
        var own = Path.Combine(home.Root, "own.crt");
        await File.WriteAllTextAsync(own, "OF THE COMPANY");

        Assert.Null(Store.LayOutAuthority("shop", "", own));
        var alone = Store.LayOutAuthority("shop", "OF THE SERVER", null)!;
        Assert.Equal((alone.Server, "OF THE SERVER"), (alone.Node, await File.ReadAllTextAsync(alone.Node)));
        var both = Store.LayOutAuthority("shop", "OF THE SERVER", own)!;
        Assert.Equal(("OF THE SERVER", "OF THE SERVER\nOF THE COMPANY"), (await File.ReadAllTextAsync(both.Server), await File.ReadAllTextAsync(both.Node)));

        Store.RemoveUnpacked("shop");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void Refuses_a_newer_format_by_its_number()
    {
        WriteRecord(FirstFormat.Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal));
        Assert.Contains("format 9", Assert.Throws<ResourceFailure>(() => Store.Find("shop")).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R29")]
    public void The_version_of_an_instant_is_the_last_one_that_is_not_later()
    {
        WriteRecord(FirstFormat);
        var record = Store.Find("shop")!;
        var (first, second) = (record.Versions[0], record.Versions[1]);
        Assert.Null(record.ActiveAt(first.Time.AddMicroseconds(-1)));
        Assert.Equal(first, record.ActiveAt(first.Time));
        Assert.Equal(first, record.ActiveAt(second.Time.AddMicroseconds(-1)));
        Assert.Equal(second, record.ActiveAt(second.Time));
    }

    [Fact]
    public async Task Keeps_sources_for_its_owner_alone_and_sweeps_what_no_version_names()
    {
        var source = Directory.CreateDirectory(Path.Combine(home.Root, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "dbos-config.yaml"), "1");
        var first = await Store.KeepAsync("shop", new(source), CancellationToken.None);
        Store.Write(Record(first), ["public.t.a"]);
        await File.WriteAllTextAsync(Path.Combine(source, "dbos-config.yaml"), "2");
        await Store.KeepAsync("shop", new(source), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(source, "dbos-config.yaml"), "3");
        var third = await Store.KeepAsync("shop", new(source), CancellationToken.None);

        var kept = Directory.GetFiles(Path.Combine(Folder, "versions"));
        Assert.Equal(new[] { $"{first}.tar.gz", $"{third}.tar.gz", "v1.columns" }.Order(), kept.Select(Path.GetFileName).Order());
        Assert.Equal(["public.t.a"], Store.ColumnsOf("shop", "v1"));
        Assert.All(kept.Append(Path.Combine(Folder, "record.json")), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task A_source_that_is_damaged_is_not_deployed()
    {
        var source = Directory.CreateDirectory(Path.Combine(home.Root, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "dbos-config.yaml"), "1");
        var hash = await Store.KeepAsync("shop", new(source), CancellationToken.None);
        var record = Record(hash);
        Store.Write(record, []);
        File.Delete(Path.Combine(Folder, "versions", $"{hash}.tar.gz"));
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => Store.UnpackAsync("shop", record.Current, CancellationToken.None));
        Assert.Contains("missing or damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../shop")]
    [InlineData("SHOP")]
    [InlineData("")]
    public void A_path_for_a_name_is_no_application(string name) => Assert.Null(Store.Find(name));

    private static ApplicationRecord Record(string hash) => new()
    {
        Format = 1,
        Name = "shop",
        Instance = "main",
        Database = "shop",
        Directory = "x",
        Versions = [new("v1", DateTimeOffset.UnixEpoch, hash, "main")],
    };

    private void WriteRecord(string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "record.json"), text);
    }
}
