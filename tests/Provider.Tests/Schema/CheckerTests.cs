using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

public sealed class CheckerTests
{
    [Fact]
    public void Says_everything_that_is_wrong_at_once_with_its_path()
    {
        var config = Object(
            ("Name", "orders"),
            ("user_name", "bob"),
            ("password", new StringValue("short/!", Secret: true)),
            ("port", 70000),
            ("budget", 5.5),
            ("share", "half"),
            ("onDelete", "drop"),
            ("listenAddresses", Object()),
            ("backup", Object(("retention", "a day"), ("retension", "24h"))),
            ("parameters", Object(("Work Mem", "16MB"), ("search_path", "a\nb"))),
            ("extensions", Object(("hstore", Object(("schema", Array.Empty<object>()))))),
            ("nonsense", 1));

        Assert.Equal(
            """
            Name: is not known here: did you mean "name"?
            nonsense: is not known here: write "name", "username", "password", "port", "listenAddresses", "parameters", "backup", "extensions", "encoding", "source", "template", "deletionProtection", "share", "budget", "onDelete", "labels" or "tags".
            user_name: is not known here: did you mean "username"?
            username: is required: write a text.
            password: the value is not allowed: use 8 to 128 characters, none of them /, ", @, ' or white space.
            port: 70000 is not allowed: write a number from 1 to 65535.
            listenAddresses: a map does not fit: write a list.
            parameters["Work Mem"]: "Work Mem" is not allowed: write a parameter's name in lower case.
            parameters["search_path"]: "a\nb" does not fit: write a parameter's value on one line.
            backup.retension: is not known here: did you mean "retention"?
            backup.retention: "a day" does not fit: write a length of time, such as "24h", "90m" or "1h30m".
            extensions["hstore"].schema: a list does not fit: write a text.
            share: "half" does not fit: write a number.
            budget: 5.5 does not fit: write a whole number.
            onDelete: "drop" is not allowed: write "refuse", "force" or "retain".
            """,
            string.Join('\n', Check(config).Problems.Select(problem => $"{problem.Path}: {problem.Reason}")));
    }

    [Theory]
    [Trait("Requirement", "R3")]
    [InlineData("abc", "")]
    [InlineData("a234567890123456", "")]
    [InlineData("9_lives", "")]
    [InlineData("_ab", "")]
    [InlineData("postgres", "")]
    [InlineData("ab", """name: "ab" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    [InlineData("a2345678901234567", """name: "a2345678901234567" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    [InlineData("Orders", """name: "Orders" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    [InlineData("or-ders", """name: "or-ders" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    [InlineData("orders\n", """name: "orders\n" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    [InlineData("örders", """name: "örders" is not allowed: use 3 to 16 lower-case letters, digits and underscores.""")]
    public void Judges_a_name_by_its_pattern(string name, string expected) => Assert.Equal(expected, Problems(("name", name)));

    [Theory]
    [Trait("Requirement", "R5")]
    [InlineData("dbosadmin", """username: "dbosadmin" is reserved: choose another.""")]
    [InlineData("admin", """username: "admin" is reserved: choose another.""")]
    [InlineData("dbos1", "")]
    [InlineData("admins", "")]
    [InlineData("1ab", """username: "1ab" is not allowed: use 3 to 16 lower-case letters, digits and underscores, the first a letter.""")]
    public void Judges_a_username(string username, string expected) => Assert.Equal(expected, Problems(("username", username)));

    [Theory]
    [Trait("Requirement", "R6")]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    [InlineData("back\\slash", true)]
    [InlineData("with space", false)]
    [InlineData("white\u00a0space", false)]
    [InlineData("white\tspace", false)]
    [InlineData("slash/slash", false)]
    [InlineData("quote\"quote", false)]
    [InlineData("quote'quote", false)]
    [InlineData("at@at@at@", false)]
    public void Judges_a_password_and_never_tells_it(string password, bool allowed)
    {
        var problems = Problems(("password", password));

        Assert.Equal(allowed, problems.Length == 0);
        Assert.DoesNotContain(password, problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_tells_what_the_user_marked_secret()
    {
        var problems = Problems(
            ("username", new StringValue("hush!", Secret: true)),
            ("parameters", Object(("Hush!", "hush!\n")) with { Secret = true }),
            ("backup", Object(("retention", "hush!")) with { Secret = true }));

        Assert.Equal(
            """
            username: the value is not allowed: use 3 to 16 lower-case letters, digits and underscores, the first a letter.
            parameters: the value is not allowed: write a parameter's name in lower case.
            parameters: the value does not fit: write a parameter's value on one line.
            backup.retention: the value does not fit: write a length of time, such as "24h", "90m" or "1h30m".
            """,
            problems);
    }

    [Fact]
    public void Fills_defaults_at_every_depth_and_marks_secrets()
    {
        var inputs = Inputs(Object(("username", "bob"), ("password", "s3cret-word"), ("name", "orders")));

        Assert.Equal(
            Object(
                ("username", "bob"),
                ("password", "s3cret-word"),
                ("name", "orders"),
                ("listenAddresses", new object[] { "127.0.0.1" }),
                ("backup", Object(("retention", "24h"))),
                ("deletionProtection", true),
                ("onDelete", "refuse"),
                ("tags", Array.Empty<object>())),
            inputs);
        Assert.True(inputs["password"]!.Secret);
    }

    [Fact]
    public void Accepts_numbers_and_flags_written_as_text_and_keeps_them_so()
    {
        var config = Config.With(("name", 123), ("port", "5432"), ("deletionProtection", "false"), ("budget", "9007199254740991"), ("share", "0.5"), ("parameters", Object(("work_mem", 100), ("jit", false))));

        var inputs = Inputs(config);

        Assert.All(config.Items, property => Assert.Equal(property.Value, inputs[property.Key]));
    }

    [Theory]
    [InlineData("port", "5432.5")]
    [InlineData("port", "")]
    [InlineData("port", " 5432")]
    [InlineData("budget", "9007199254740993")]
    [InlineData("deletionProtection", "yes")]
    [InlineData("share", "NaN")]
    [InlineData("share", double.PositiveInfinity)]
    [InlineData("port", 2147483648d)]
    [InlineData("deletionProtection", 1)]
    [InlineData("listenAddresses", "[\"::1\"]")]
    public void Refuses_what_only_looks_like_its_kind(string name, object value) =>
        Assert.StartsWith($"{name}: ", Problems((name, value)), StringComparison.Ordinal);

    [Fact]
    public void Skips_what_is_not_known_yet() =>
        Assert.Empty(Problems(("username", Later), ("backup", Later), ("listenAddresses", new object[] { Later }), ("parameters", Object(("work_mem", Later)))));

    [Fact]
    public void Leaves_the_names_that_engines_keep_for_themselves() =>
        Assert.Empty(Problems(("__defaults", Array.Empty<object>()), ("backup", Object(("__defaults", Array.Empty<object>())))));

    [Fact]
    public void Generates_a_name_and_keeps_it_while_it_is_omitted()
    {
        var first = Checker.Check(Sample.Shape, Config, null, [], _ => "app_1111111");
        var second = Checker.Check(Sample.Shape, Config, first.Inputs, first.Generated, _ => "app_2222222");
        var written = Checker.Check(Sample.Shape, Config.With(("name", "orders")), second.Inputs, second.Generated, _ => "app_3333333");
        var omitted = Checker.Check(Sample.Shape, Config, written.Inputs, written.Generated, _ => "app_4444444");

        Assert.Equal(new StringValue("app_1111111"), first.Inputs["name"]);
        Assert.Equal(["name"], first.Generated);
        Assert.Equal(first.Inputs, second.Inputs);
        Assert.Equal(["name"], second.Generated);
        Assert.Empty(written.Generated);
        Assert.Equal(new StringValue("app_4444444"), omitted.Inputs["name"]);
    }

    [Fact]
    public void Judges_a_generated_name_too() =>
        Assert.Equal(
            """
            "Name!" is not allowed: use 3 to 16 lower-case letters, digits and underscores.
            """,
            Assert.Single(Checker.Check(Sample.Shape, Config, null, [], _ => "Name!").Problems).Reason.ToString());

    [Fact]
    public void Asks_for_a_name_where_none_may_be_made() =>
        Assert.Equal(
            new("name", "is required: write a text."),
            Assert.Single(Checker.Check(Sample.Shape, Config, null, [], _ => null).Problems));

    [Fact]
    public void Reads_json_text_only_when_asked()
    {
        var config = Config.With(("name", "orders"), ("listenAddresses", """["::1"]"""), ("backup", """{"retention": "2d"}"""), ("parameters", "{"));

        var expanded = JsonText.Expand(Sample.Shape, config);

        Assert.Equal(
            config.With(("listenAddresses", new object[] { "::1" }), ("backup", Object(("retention", "2d")))),
            expanded);
        Assert.Equal("parameters", Assert.Single(Check(expanded).Problems).Path);
    }
}
