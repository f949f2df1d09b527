using PgFleet.Progress;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Resources.Database;

/// <summary>The handler with the planner: what the next plan contains after a create, a read or an import.</summary>
[Collection(nameof(DatabaseFixture))]
public sealed class DatabasePlanTests(DatabaseFixture fixture)
{
    private static readonly OperationContext Work = new(CancellationToken.None);

    public static TheoryData<string> Programs => ScratchServer.Major < 15 ? ["plain", "encoded", "full"] : ["plain", "encoded", "icu", "full"];

    [Theory, MemberData(nameof(Programs))]
    public async Task The_second_plan_is_empty_and_so_is_the_one_after_a_refresh(string program)
    {
        var (resource, config) = (Resource(), Config($"planned_{program}", program));

        var (id, state) = await resource.CreateAsync(Plan(resource, null, config).Planned, Work);
        var refreshed = await resource.ReadAsync(id, state, Work);

        Assert.Equal($"main/planned_{program}", id);
        Assert.Empty(Plan(resource, state, config).Changes);
        Assert.Empty(Plan(resource, refreshed, config).Changes);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task An_imported_database_is_never_replaced_whether_the_program_says_much_or_little(string program)
    {
        var (resource, config) = (Resource(), Config($"imported_{program}", program));
        await resource.CreateAsync(Plan(resource, null, config).Planned, Work);

        var imported = await resource.ReadAsync($"main/imported_{program}", null, Work);

        Assert.DoesNotContain(Plan(resource, imported, config).Changes, change => change.Replaces);
        Assert.DoesNotContain(Plan(resource, imported, Config($"imported_{program}", "plain")).Changes, change => change.Replaces);
    }

    [Fact]
    public async Task Another_name_instance_or_locale_is_another_database_and_the_rest_is_not()
    {
        var (resource, config) = (Resource(), Config("fixed", "plain"));
        var (_, state) = await resource.CreateAsync(Plan(resource, null, config).Planned, Work);

        (string, object?)[] replacing =
            [("name", "other"), ("instance", "other"), ("instance", Later), ("encoding", "LATIN1"), ("locale", "C"), ("lcCollate", "C"), ("lcCtype", "C"), ("localeProvider", "icu")];
        (string, object?)[] altering =
            [("owner", "bob"), ("connectionLimit", 3), ("allowConnections", false), ("onDelete", "force"), ("deletionProtection", true), ("connection", "postgresql://u:p@h/d"), ("encoding", "utf-8")];

        Assert.All(replacing, change => Assert.Contains(Plan(resource, state, config.With(change)).Changes, made => made.Replaces));
        Assert.All(altering, change => Assert.DoesNotContain(Plan(resource, state, config.With(change)).Changes, made => made.Replaces));
        Assert.True(Plan(resource, state, config.With(("encoding", "LATIN1"))).DeleteFirst);
        Assert.False(Plan(resource, state, config.With(("name", "other"))).DeleteFirst);
    }

    /// <summary>Values that the server does not report are known for a database that was created here, and unknown for an imported one.</summary>
    [Fact]
    public async Task What_it_was_made_with_counts_for_a_database_that_was_made_here_alone()
    {
        Assert.SkipWhen(ScratchServer.Major < 15, "icu came with 15");
        var (resource, plain, icu) = (Resource(), Config("made_here", "plain"), Config("made_icu", "icu"));
        var (_, made) = await resource.CreateAsync(Plan(resource, null, plain).Planned, Work);
        var (_, madeIcu) = await resource.CreateAsync(Plan(resource, null, icu).Planned, Work);
        var refreshed = await resource.ReadAsync("main/made_here", made, Work);
        var imported = await resource.ReadAsync("main/made_here", null, Work);
        var importedIcu = await resource.ReadAsync("main/made_icu", null, Work);

        foreach (var state in (Map?[])[made, refreshed])
        {
            Assert.Empty(Plan(resource, state, plain.With(("template", "template1"))).Changes);
            Assert.Contains(Plan(resource, state, plain.With(("template", "template0"))).Changes, change => change is { Path: "template", Replaces: true });
        }
        Assert.Contains(Plan(resource, madeIcu, icu.With(("icuRules", "&V << w"))).Changes, change => change is { Path: "icuRules", Replaces: true });
        Assert.DoesNotContain(Plan(resource, imported, plain.With(("template", "template0"))).Changes, change => change.Replaces);
        Assert.DoesNotContain(Plan(resource, importedIcu, icu.With(("icuRules", "&V << w"))).Changes, change => change.Replaces);
    }

    [Fact]
    public async Task What_is_taken_out_of_the_program_is_kept()
    {
        var (resource, config) = (Resource(), Config("said_less", "encoded"));
        var (_, state) = await resource.CreateAsync(Plan(resource, null, config).Planned, Work);

        Assert.Empty(Plan(resource, state, Config("said_less", "plain")).Changes);
    }

    private static Map Config(string name, string program) => Object(("instance", "main"), ("name", name)).With(program switch
    {
        "encoded" => [("encoding", "latin-1"), ("locale", "C"), ("template", "template0")],
        "icu" => [("localeProvider", "icu"), ("icuLocale", "de_AT"), ("lcCollate", "C")],
        "full" =>
        [
            ("owner", "bob"),
            ("connectionLimit", "7"),
            ("settings", Object(("timezone", "utc"), ("work_mem", 16384), ("jit", false), ("search_path", "a, b"))),
            ("extensions", Object(("citext", Object()), ("hstore", Object(("version", 1.7), ("schema", "lib"))))),
            ("connection", new StringValue("postgresql://u:p@h/d", Secret: true)),
        ],
        _ => Array.Empty<(string, object?)>(),
    });

    private static Plan Plan(Resource resource, Map? state, Map config)
    {
        var check = resource.Check(config, null, [], _ => null);
        Assert.Empty(check.Problems);
        return resource.Plan(state, check.Inputs, check.Generated);
    }

    private Resource Resource()
    {
        var servers = fixture.Servers();
        var records = RecordContext.Default;
        return new TypedResource<DatabaseArgs, DatabaseOutputs>("Database", records.DatabaseArgs, records.DatabaseOutputs, DatabaseFixture.Handler(servers), new FleetGuard(servers, "here"));
    }
}
