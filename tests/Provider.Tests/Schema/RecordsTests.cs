using System.Text.Json;
using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

public sealed class RecordsTests
{
    [Fact]
    public void Decodes_by_kind_whatever_the_user_wrote()
    {
        var args = Read(Inputs(Config.With(
            ("name", 123),
            ("port", "5432"),
            ("budget", 5e9),
            ("share", "0.5"),
            ("deletionProtection", "false"),
            ("encoding", "utf-8"),
            ("parameters", Object(("work_mem", 100), ("jit", false))),
            ("extensions", Object(("hstore", Object(("version", 1.8))))),
            ("tags", new object[] { 1, true, "x" }),
            ("backup", Object(("retention", "1h30m"), ("copies", "2"))))));

        Assert.Equal(
            ("123", 5432, 5_000_000_000L, 0.5, false, "utf-8", "UTF8"),
            (args.Name, args.Port, args.Budget, args.Share, args.DeletionProtection, args.Encoding!.ToString(), args.Encoding.Name));
        Assert.Equal(["false", "100"], args.Parameters!.OrderBy(setting => setting.Key).Select(setting => setting.Value.ToString()));
        Assert.Equal(new() { Version = "1.8" }, args.Extensions!["hstore"]);
        Assert.Equal(["1", "true", "x"], args.Tags);
        Assert.Equal((TimeSpan.FromMinutes(90), 2), (args.Backup.Retention.Length, args.Backup.Copies));
    }

    [Fact]
    public void Gives_back_what_it_was_given_in_its_own_words()
    {
        var inputs = Inputs(Config.With(("encoding", "utf-8"), ("parameters", Object(("work_mem", "16384kB"))), ("backup", Object(("retention", "90m")))));

        Assert.Equal(inputs, Records.Write(Read(inputs), SampleContext.Default.SampleArgs));
    }

    [Fact]
    public void Reads_a_state_that_lacks_what_is_required_and_fills_in_defaults()
    {
        var args = Read(Object(("backup", Object()), ("gone", 1)));

        Assert.Null(args.Password);
        Assert.Equal("24h", args.Backup.Retention.ToString());
        Assert.True(args.DeletionProtection);
    }

    [Fact]
    public void Reads_outputs_and_leaves_out_what_is_null()
    {
        var outputs = Object(("status", "available"), ("address", "a"), ("connectionUri", "u"), ("createdAt", "2026-01-31T12:00:00+00:00"));

        Assert.Equal(outputs, Records.Write(Records.Read(outputs, SampleContext.Default.SampleOutputs), SampleContext.Default.SampleOutputs));
    }

    [Fact]
    public void Takes_what_is_not_known_yet_as_absent()
    {
        var args = Read(Config.With(("port", Later), ("listenAddresses", new object[] { "::1", Later }), ("parameters", Object(("jit", Later), ("work_mem", "1MB")))));

        Assert.Null(args.Port);
        Assert.Null(args.ListenAddresses);
        Assert.Equal(["work_mem"], args.Parameters!.Keys);
    }

    [Fact]
    public void Names_the_property_whose_value_does_not_fit_and_not_the_value() =>
        Assert.Equal(
            "The value of \"port\" is not a whole number.",
            Assert.Throws<JsonException>(() => Read(Config.With(("port", "s3cret-word")))).Message);

    private static SampleArgs Read(Map map) => Records.Read(map, SampleContext.Default.SampleArgs);
}
