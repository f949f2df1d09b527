using PgFleet.Archives;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Postgres.Wal;

public sealed class WalNameTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pgfleet-wal-").FullName;
    private readonly ArchiveLayout layout;
    private readonly string file;

    public WalNameTests()
    {
        (layout, file) = (new ArchiveLayout(folder), $"{folder}/file");
        Directory.CreateDirectory(layout.Wal);
        File.WriteAllText(file, "1\t0/3000000\tno recovery target specified\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("00000002.history")]
    [InlineData("000000010000000000000003.00000028.backup")]
    public void Files_that_go_with_segments_are_archived(string name)
    {
        new WalArchive(layout, "1").Store(file, name);
        Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(layout.Wal, name)));
    }

    [Theory]
    [InlineData("postgresql.conf")]
    [InlineData("../identity.json")]
    [InlineData("00000001000000000000000")]
    [InlineData("00000001000000000000000a")]
    [InlineData("000000010000000000000001.backup")]
    [InlineData("000000010000000000000001.")]
    [InlineData("00000002.history.tmp")]
    [InlineData("")]
    public void A_name_that_is_none_of_the_servers_is_refused(string name)
    {
        var refused = Assert.Throws<ResourceFailure>(() => new WalArchive(layout, "1").Store(file, name));
        Assert.Contains($"\"{name}\" is no name of a WAL file", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(layout.Wal));
    }

    [Theory]
    [InlineData("000000010000000000000001")]
    [InlineData("000000010000000000000001.partial")]
    public void A_segment_that_does_not_begin_as_one_is_refused(string name)
    {
        var refused = Assert.Throws<ResourceFailure>(() => new WalArchive(layout, "1").Store(file, name));
        Assert.Contains("does not begin as a WAL segment does", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("000000010000000000000001", 16, 1)]
    [InlineData("0000000200000001000000FF", 16, 511)]
    [InlineData("00000001000000010000003F", 64, 127)]
    public void A_name_is_a_timeline_and_a_place(string name, int megabytes, ulong number)
    {
        var segment = WalSegment.Parse(name, megabytes << 20);
        Assert.Equal(number, segment.Number);
        Assert.Equal(name, segment.Name);
        Assert.Equal(segment, WalSegment.Before(segment.Next.Start, segment.Timeline, segment.Size));
    }

    [Theory]
    [InlineData("0/2000028", 0x2000028)]
    [InlineData("16/B374D848", 0x16B374D848)]
    public void A_position_reads_as_the_server_writes_it(string text, ulong value)
    {
        Assert.Equal(new Lsn(value), Lsn.Parse(text));
        Assert.Equal(text, new Lsn(value).ToString());
    }
}
