using System.Collections.Immutable;
using CsCheck;
using Google.Protobuf;
using MessagePack;
using PgFleet.Failures;
using PgFleet.Protocols.Terraform;
using PgFleet.Schema;
using PgFleet.Tests.Schema;
using Tfplugin6;

namespace PgFleet.Tests.Protocols.Terraform;

public sealed class CtyValuesTests
{
    private static readonly ImmutableArray<Field> Fields = [.. Sample.Shape.Fields];

    [Fact]
    public void What_is_written_is_read_again_and_has_every_attribute() =>
        Arbitrary.Config(Sample.Shape, unknowns: true).Sample(config =>
        {
            var value = CtyValues.Encode(Fields, config);
            var reader = new MessagePackReader(value.Msgpack.Memory);

            Assert.Equal(Fields.Length, reader.ReadMapHeader());
            var again = CtyValues.Decode(Fields, value)!;
            Assert.All(Sample.Shape.Inputs, field => Assert.True(Alike(field, config[field.Name], again[field.Name]), field.Name));
            Assert.Equal(value, CtyValues.Encode(Fields, again));
        });

    [Fact]
    public void No_bytes_make_anything_throw_but_a_format_exception() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            try
            {
                CtyValues.Decode(Fields, Wire(bytes));
            }
            catch (FormatException)
            {
                // Not a value.
            }
        });

    [Theory]
    [InlineData("c1")]
    [InlineData("81")]
    [InlineData("dd 7fffffff")]
    [InlineData("df ffffffff")]
    [InlineData("81 c0")]
    [InlineData("81 db ffffffff")]
    [InlineData("81 a4 6e616d65 db 7fffffff 61")]
    [InlineData("81 a4 6e616d65 a2 fffe")]
    [InlineData("81 a4 706f7274 90")]
    [InlineData("81 a4 706f7274 a1 78")]
    [InlineData("81 a7 7265646f696e67 c1")]
    [InlineData("81 a7 7265646f696e67 c9 ffffffff 00")]
    [InlineData("81 b0 6c697374656e5f616464726573736573 dd 7fffffff")]
    public void Bytes_that_claim_more_than_there_is_or_another_kind_are_refused(string bytes) =>
        Assert.Throws<FormatException>(() => CtyValues.Decode(Fields, Wire(bytes)));

    [Fact]
    public void However_deep_an_undeclared_attribute_goes_it_is_passed_over()
    {
        byte[] bytes = [0x82, 0xa1, (byte)'x', .. Enumerable.Repeat((byte)0x91, 5_000_000), 0xc0, 0xa4, .. "name"u8, 0xa1, (byte)'a'];

        Assert.Equal("""{name: "a"}""", CtyValues.Decode(Fields, Wire(bytes))!.ToString());
    }

    [Theory]
    [InlineData("c0", null)]
    [InlineData("82 a4 6e616d65 a3 616263 a4 706f7274 cd1538", """{name: "abc", port: 5432}""")]
    [InlineData("81 a4 706f7274 a4 35343332", "{port: 5432}")]
    [InlineData("81 a4 706f7274 cb 40b5380000000000", "{port: 5432}")]
    [InlineData("81 a4 706f7274 d3 ffffffffffffffff", "{port: -1}")]
    [InlineData("81 a4 706f7274 ff", "{port: -1}")]
    [InlineData("82 a7 7265646f696e67 93 01 c0 81 a1 61 c3 a4 6e616d65 a1 78", """{name: "x"}""")]
    public void Every_form_that_terraform_sends_is_read_and_what_is_not_declared_left_out(string bytes, string? expected) =>
        Assert.Equal(expected, CtyValues.Decode(Fields, Wire(bytes))?.ToString());

    [Theory]
    [InlineData("81 a4 6e616d65 d4 00 00")]
    [InlineData("81 a4 6e616d65 c7 08 0c 82 01 c2 02 a3 702d78")]
    public void Whatever_is_known_of_an_unknown_is_passed_over(string bytes) =>
        Assert.Equal("{name: [unknown]}", CtyValues.Decode(Fields, Wire(bytes))!.ToString());

    [Theory]
    [InlineData(5432, "d3 0000000000001538", "cd1538")]
    [InlineData(-129, "d3 ffffffffffffff7f", "d1ff7f")]
    [InlineData(0.1, "a3 302e31", "a3 302e31")]
    [InlineData(7, "07", "07")]
    public void Whole_numbers_are_integers_and_others_decimal_texts(double amount, string sent, string written)
    {
        var share = Fields.Single(field => field.Name == "share");

        var value = CtyValues.Decode([share], Wire($"81 a5 7368617265 {sent}"))!;

        Assert.Equal(new NumberValue(amount), value["share"]);
        Assert.Equal(Wire($"81 a5 7368617265 {written}").Msgpack, CtyValues.Encode([share], value).Msgpack);
    }

    [Fact]
    public void A_null_in_a_list_or_a_map_is_a_problem_at_its_place()
    {
        var nulls = new List<Problem>();

        CtyValues.Decode(Fields, Wire("82 b0 6c697374656e5f616464726573736573 92 a1 61 c0 aa 706172616d6574657273 81 a3 6a6974 c0"), nulls);

        Assert.Equal(["listenAddresses[1]", "parameters[\"jit\"]"], nulls.Select(problem => problem.Path));
    }

    [Fact]
    public void A_state_file_is_read_by_name()
    {
        const string Json = """{"name": "abc", "port": 5432, "retired": {"a": [1]}, "backup": {"retention": "24h", "directory": null}, "listen_addresses": ["a"], "parameters": {"jit": "on"}}""";

        Assert.Equal("""{backup: {retention: "24h"}, listenAddresses: ["a"], name: "abc", parameters: {jit: "on"}, port: 5432}""", FromState(Json)!.ToString());
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("""{"name": 16, "port": "5432"}""", """{name: "16", port: 5432}""")]
    [InlineData("""{"share": 1e-1, "name": null}""", "{share: 0.1}")]
    [InlineData("""{"listen_addresses": ["a", null]}""", """{listenAddresses: ["a", [unknown]]}""")]
    public void A_state_file_may_hold_what_another_version_declared_otherwise(string json, string? expected) => Assert.Equal(expected, FromState(json)?.ToString());

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"name": {}}""")]
    [InlineData("""{"port": "many"}""")]
    [InlineData("""{"port": true}""")]
    [InlineData("""{"listen_addresses": {}}""")]
    [InlineData("""{"parameters": []}""")]
    [InlineData("""{"backup": "none"}""")]
    public void A_state_file_of_another_shape_is_refused(string json) => Assert.Throws<FormatException>(() => FromState(json));

    private static Map? FromState(string json) => CtyJson.Decode(Fields, ByteString.CopyFromUtf8(json));

    private static DynamicValue Wire(string hex) => Wire(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    private static DynamicValue Wire(byte[] bytes) => new() { Msgpack = ByteString.CopyFrom(bytes) };

    /// <summary>Equality after conversion to the field's kind: "7" comes back as 7 where a number is declared.</summary>
    private static bool Alike(Field field, Value? sent, Value? came) => (field.Kind, sent, came) switch
    {
        (_, null, null) or (_, Unknown, Unknown) => true,
        (_, null, _) or (_, _, null) => false,
        (Kind.Object, Map map, Map other) => field.Fields.All(inner => Alike(inner, map[inner.Name], other[inner.Name])),
        (Kind.Map, Map map, Map other) => map.Items.Keys.SequenceEqual(other.Items.Keys) && map.Items.All(entry => Alike(field.Element!, entry.Value, other[entry.Key])),
        (Kind.List, List list, List other) => list.Items.Length == other.Items.Length && list.Items.Zip(other.Items).All(pair => Alike(field.Element!, pair.First, pair.Second)),
        _ => field.Fit(sent)!.Equals(came),
    };
}
