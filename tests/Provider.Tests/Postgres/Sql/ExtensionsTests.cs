using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

[Collection(nameof(SqlServer))]
public sealed class ExtensionsTests(SqlServer server)
{
    private static readonly DatabaseSpec Plain = new() { Name = "plain", Owner = "alice" };

    [Fact]
    public async Task Created_in_the_version_and_schema_asked_for_and_usable_by_the_owner()
    {
        await MadeAsync("ext_create", ("citext", new("1.4", "Lib")), ("hstore", new()));

        var found = await FindAsync("ext_create");
        Assert.Equal((new("1.4", "Lib"), "public"), (found["citext"], found["hstore"].Schema));
        await using var owner = await server.Scratch.OpenAsync("ext_create", "alice");
        await using var command = new Npgsql.NpgsqlCommand("select 'A'::\"Lib\".citext operator(\"Lib\".=) 'a'::\"Lib\".citext", owner);
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task What_another_requires_gets_the_version_asked_for_it_whatever_the_order_of_names()
    {
        await MadeAsync("ext_order", ("earthdistance", new()), ("cube", new("1.4")));
        Assert.Equal("1.4", (await FindAsync("ext_order"))["cube"].Version);

        await MadeAsync("ext_cascade", ("earthdistance", new()));
        Assert.Contains("cube", (await FindAsync("ext_cascade")).Keys);
    }

    [Fact]
    public async Task Updated_to_a_version_and_moved_to_a_schema()
    {
        var spec = await MadeAsync("ext_alter", ("citext", new("1.4")));

        await AlterAsync(spec, ("citext", new("1.5", "lib")));

        Assert.Equal(new("1.5", "lib"), (await FindAsync("ext_alter"))["citext"]);
    }

    [Fact]
    public async Task One_that_cannot_be_moved_says_so()
    {
        var spec = await MadeAsync("ext_fixed", ("plpgsql", new()));

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => AlterAsync(spec, ("plpgsql", new(null, "lib"))));

        Assert.StartsWith("Extension \"plpgsql\" stands in schema \"pg_catalog\" and cannot be moved to \"lib\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_out_it_is_dropped_and_others_stay()
    {
        var spec = await MadeAsync("ext_drop", ("citext", new()), ("hstore", new()));

        await AlterAsync(spec, ("hstore", new()));
        await AlterAsync(spec, ("hstore", new()));

        Assert.Equal(["hstore", "plpgsql"], (await FindAsync("ext_drop")).Keys);
    }

    [Fact]
    public async Task Not_dropped_while_something_depends_on_it_and_that_is_named()
    {
        var spec = await MadeAsync("ext_needed", ("citext", new()), ("cube", new()), ("earthdistance", new()));
        await server.Scratch.ScalarAsync("create schema shop; create table shop.customer (id int, mail public.citext)", "ext_needed");

        var column = await Assert.ThrowsAsync<ResourceFailure>(() => AlterAsync(spec, ("cube", new()), ("earthdistance", new())));
        var extension = await Assert.ThrowsAsync<ResourceFailure>(() => AlterAsync(spec, ("citext", new()), ("earthdistance", new())));

        Assert.Equal(
            "Extensions are not dropped (\"citext\"), since others depend on them: column mail of table shop.customer. Remove those with a migration first, or keep the extensions.",
            column.Message);
        Assert.Contains("extension earthdistance", extension.Message, StringComparison.Ordinal);
        Assert.Contains("citext", (await FindAsync("ext_needed")).Keys);
    }

    [Fact]
    public async Task Two_that_need_each_other_are_dropped_together()
    {
        var spec = await MadeAsync("ext_both", ("cube", new()), ("earthdistance", new()));

        await AlterAsync(spec);

        Assert.Equal(["plpgsql"], (await FindAsync("ext_both")).Keys);
    }

    [Fact]
    public async Task One_that_the_server_has_not_got_is_named_and_nothing_is_made()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => MadeAsync("ext_missing", ("postgis_of_mars", new())));

        Assert.Contains("postgis_of_mars", failure.Message, StringComparison.Ordinal);
        Assert.Null(await server.Databases.FindAsync("ext_missing", CancellationToken.None));
    }

    [Fact]
    public async Task The_servers_offer_is_told_before()
    {
        var facts = await server.Databases.ReadFactsAsync(
            Plain with { Owner = "nobody", Extensions = Plain.Extensions.Add("citext", new()).Add("postgis_of_mars", new()) }, CancellationToken.None);

        Assert.Equal((false, null, "template1"), (facts.OwnerExists, facts.Namesake, facts.Template?.Spec.Name));
        Assert.Contains("1.6", facts.Versions["citext"]);
        Assert.Empty(facts.Versions["postgis_of_mars"]);
    }

    private static ImmutableSortedDictionary<string, ExtensionSpec> Of((string Name, ExtensionSpec Spec)[] extensions) =>
        Plain.Extensions.AddRange(extensions.Select(extension => KeyValuePair.Create(extension.Name, extension.Spec)));

    private async Task<DatabaseSpec> MadeAsync(string name, params (string Name, ExtensionSpec Spec)[] extensions)
    {
        var spec = Plain with { Name = name, Extensions = Of(extensions) };
        await server.CreateAsync(spec);
        return spec;
    }

    private Task AlterAsync(DatabaseSpec prior, params (string Name, ExtensionSpec Spec)[] extensions) =>
        server.Databases.AlterAsync(prior, prior with { Extensions = Of(extensions) }, new OperationContext(CancellationToken.None));

    private Task<ImmutableSortedDictionary<string, ExtensionSpec>> FindAsync(string database) =>
        server.Databases.FindExtensionsAsync(database, CancellationToken.None);
}
