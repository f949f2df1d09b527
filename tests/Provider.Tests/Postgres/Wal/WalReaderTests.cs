using System.Globalization;
using System.Text.RegularExpressions;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Postgres.Wal;

public sealed partial class WalReaderTests
{
    /// <summary>Long records, records across pages and segments, subtransactions, prepared transactions, aborts.</summary>
    private static readonly string[] Work =
    [
        "create table filled (id serial primary key, text text)",
        "alter table filled alter text set storage external",
        "do $$ begin for i in 1..200 loop insert into filled (text) values (repeat(md5(i::text), 300)); commit; end loop; end $$",
        "insert into filled (text) values (repeat('a long record ', 1500000))",
        "do $$ begin for i in 1..50 loop begin insert into filled (text) values ('inner'); raise 'no'; exception when others then null; end; end loop; end $$",
        "begin; insert into filled (text) values ('undone'); rollback",
        "begin; insert into filled (text) values ('later'); prepare transaction 'kept'",
        "commit prepared 'kept'",
        "begin; insert into filled (text) values ('never'); prepare transaction 'given up'",
        "rollback prepared 'given up'",
        "create database made",
        "drop database made",
        "checkpoint",
    ];

    [Fact]
    public async Task Reads_every_commit_and_abort_that_postgres_own_program_reads()
    {
        await using var server = await ScratchServer.StartAsync("max_prepared_transactions = 5", "wal_level = logical", "wal_keep_size = 1GB");
        foreach (var statement in Work)
        {
            await server.ScalarAsync(statement);
            await server.ScalarAsync("select pg_switch_wal()");
        }
        var first = WalSegment.Parse("000000010000000000000001", 16 << 20);
        var expected = await DumpAsync(server, first.Name);
        Assert.True(expected.Count > 250, $"{expected.Count} transactions");

        Assert.Equal(expected, Read(server, first));
    }

    [Fact]
    public async Task Stops_at_the_first_record_that_is_not_what_was_written()
    {
        await using var server = await ScratchServer.StartAsync();
        await server.ScalarAsync("create table filled (id int)");
        await server.ScalarAsync("insert into filled select generate_series(1, 1000)");
        await server.ScalarAsync("select pg_switch_wal()");
        var first = WalSegment.Parse("000000010000000000000001", 16 << 20);
        var whole = Read(server, first);
        var damaged = whole[^1].Position;
        await using (var file = File.OpenWrite($"{server.Data}/pg_wal/{first.Name}"))
        {
            file.Position = (long)((ulong)damaged % (ulong)first.Size) + WalRecord.HeaderLength;
            file.WriteByte(7);
        }
        Assert.Equal(whole.Where(end => end.Position.CompareTo(damaged) < 0), Read(server, first));
    }

    private static List<TransactionEnd> Read(ScratchServer server, WalSegment first)
    {
        using var reader = new WalReader(
            new WalPages(segment => File.Exists($"{server.Data}/pg_wal/{segment.Name}") ? File.OpenHandle($"{server.Data}/pg_wal/{segment.Name}", share: FileShare.ReadWrite) : null, first),
            first.Start);
        var ends = new List<TransactionEnd>();
        while (reader.TryRead(out var record))
        {
            if (TransactionEnd.Find(record) is { Became: not TransactionEnd.Kind.Prepared } end)
            {
                ends.Add(end);
            }
        }
        return ends;
    }

    private static async Task<List<TransactionEnd>> DumpAsync(ScratchServer server, string first)
    {
        var dump = await ScratchServer.AsServiceUserAsync(
            "sh", "-c", $"TZ=UTC '{ScratchServer.Tool("pg_waldump")}' --rmgr=Transaction '{server.Data}/pg_wal/{first}' $(ls '{server.Data}/pg_wal' | grep '^0.*[0-9A-F]$' | tail -n 1) 2>/dev/null || true");
        return [.. Line().Matches(dump.StandardOutput).Select(match => new TransactionEnd(
            Lsn.Parse(match.Groups["lsn"].Value),
            uint.Parse(match.Groups["xid"].Value, CultureInfo.InvariantCulture),
            DateTimeOffset.ParseExact(match.Groups["time"].Value, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            match.Groups["what"].Value switch
            {
                "COMMIT" => TransactionEnd.Kind.Committed,
                "ABORT" => TransactionEnd.Kind.Aborted,
                "COMMIT_PREPARED" => TransactionEnd.Kind.PreparedCommitted,
                _ => TransactionEnd.Kind.PreparedAborted,
            }))];
    }

    [GeneratedRegex(@"tx: +(?<xid>\d+), lsn: (?<lsn>[0-9A-F/]+), prev [0-9A-F/]+, desc: (?<what>COMMIT_PREPARED|ABORT_PREPARED|COMMIT|ABORT) .*?(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) UTC")]
    private static partial Regex Line();
}
