using Google.Protobuf.WellKnownTypes;
using MiniEngine;
using MiniEngine.Values;
using Wire = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class ValueTests
{
    private static readonly Map Every = Map.Of(
        ("null", Null.Instance), ("flag", new Flag(true)), ("number", new Number(1.5)), ("text", new Text("t")),
        ("list", new List([new Text("x"), Unknown.Instance])), ("unknown", Unknown.Instance),
        ("secret", new Secret(Map.Of(("inner", new Number(1))))),
        ("reference", new Reference(new("s", "p", "a:b:C", "n"), "id")),
        ("asset", new Opaque(WireNames.Asset, Map.Of(("hash", new Text("h"))))),
        ("archive", new Opaque(WireNames.Archive, Map.Of(("hash", new Text("h"))))),
        ("bytes", new Opaque(WireNames.Bytes, Map.Of(("value", new Text("/w=="))))));

    [Fact]
    public void Every_value_comes_back_from_the_wire() =>
        Assert.Equal(Every, WireDecoder.Decode(new WireEncoder(true, true, true).Encode(Every)));

    [Fact]
    public void A_receiver_gets_only_what_it_takes()
    {
        var wire = new WireEncoder(Secrets: false, References: false, Unknowns: false).Encode(Every);
        Assert.False(wire.Fields.ContainsKey("unknown"));
        Assert.Single(wire.Fields["list"].ListValue.Values);
        Assert.Equal(1, wire.Fields["secret"].StructValue.Fields["inner"].NumberValue);
        Assert.Equal("id", wire.Fields["reference"].StringValue);
    }

    [Fact]
    public void All_seven_unknowns_are_read()
    {
        Assert.Equal(7, WireNames.Unknowns.Count);
        Assert.All(WireNames.Unknowns, text => Assert.IsType<Unknown>(WireDecoder.DecodeText(text)));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void An_output_value_is_read_as_what_it_means(bool secret, bool hasValue)
    {
        var fields = new Struct { Fields = { [WireNames.Signature] = Wire.ForString(WireNames.Output), ["secret"] = Wire.ForBool(secret) } };
        if (hasValue)
            fields.Fields["value"] = Wire.ForString("v");
        var value = WireDecoder.Decode(new Struct { Fields = { ["it"] = Wire.ForStruct(fields) } })["it"];
        Assert.Equal(hasValue ? new Secret(new Text("v")) : Unknown.Instance, value);
    }

    [Fact]
    public void A_signature_that_is_not_known_is_an_error()
    {
        var fields = new Struct { Fields = { [WireNames.Signature] = Wire.ForString("other") } };
        Assert.Throws<FormatException>(() => WireDecoder.Decode(new Struct { Fields = { ["it"] = Wire.ForStruct(fields) } }));
    }

    [Theory]
    [InlineData("a.b[0].c", "a.b[0].c")]
    [InlineData("""a["b.c"]["d"]""", """a["b.c"].d""")]
    [InlineData("a[*].b", "a.*.b")]
    public void A_path_is_read_and_written(string text, string written) => Assert.Equal(written, PropertyPath.Parse(text).ToString());

    [Theory]
    [InlineData("a", "a.b", true)]
    [InlineData("a.*", "a.b.c", true)]
    [InlineData("a.b", "a", false)]
    [InlineData("*", "anything", true)]
    public void A_path_covers_what_lies_under_it(string path, string other, bool covers) =>
        Assert.Equal(covers, PropertyPath.Parse(path).Covers(PropertyPath.Parse(other)));

    [Theory]
    [InlineData("a[")]
    [InlineData("a..b")]
    public void A_path_that_cannot_be_read_is_refused(string text) => Assert.Throws<UserException>(() => PropertyPath.Parse(text));
}
