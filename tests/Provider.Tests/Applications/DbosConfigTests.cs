using PgFleet.Applications;
using PgFleet.Failures;

namespace PgFleet.Tests.Applications;

public sealed class DbosConfigTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["DB"] = "orders", ["TOOL"] = "knex", ["EMPTY"] = "", ["SECRET"] = "hunter2: [" };

    [Fact]
    public void Reads_a_file_of_the_first_versions() => Assert.Equal(
        ("hello", "npx knex migrate:latest"),
        Read("""
            name: hello-app
            language: node
            database:
              hostname: 'localhost'
              port: 5432
              username: 'postgres'
              password: ${PGPASSWORD}
              app_db_name: 'hello'
              app_db_client: 'knex'
              connectionTimeoutMillis: 3000
              ssl: false
              migrate: ['npx knex migrate:latest']
              rollback: ['npx knex migrate:rollback']
            telemetry: { logs: { logLevel: info } }
            """));

    [Fact]
    public void Reads_a_file_of_the_latest_versions() => Assert.Equal(
        ("my_app", "a | b"),
        Read("name: my-app\nlanguage: python\ndatabase_url: ${DBOS_DATABASE_URL}\nsystem_database_url: ${DBOS_SYSTEM_DATABASE_URL}\ndatabase:\n  migrate:\n    - a\n    - b\nruntimeConfig:\n  start: []\n"));

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("name: my-app\n")]
    [InlineData("database:\n")]
    [InlineData("database:\n  app_db_name:\n  migrate:\n")]
    [InlineData("database: {migrate: []}\n")]
    public void Works_with_next_to_nothing(string text) => Assert.Equal(("my_app", ""), Read(text));

    [Theory]
    [Trait("Requirement", "R9")]
    [InlineData("my-app", "my_app")]
    [InlineData("My App", "my_app")]
    [InlineData("2nd-shop", "_2nd_shop")]
    [InlineData("_x", "_x")]
    public void Makes_the_database_s_name_of_the_application_s(string application, string database) => Assert.Equal(database, DbosConfig.DatabaseOf(application));

    [Theory]
    [Trait("Requirement", "R9")]
    [InlineData("a")]
    [InlineData("_")]
    [InlineData("a23456789_123456789_123456789_123456789_123456789_123456789_123")]
    public void Takes_a_database_name_of_1_to_63_characters(string name) => Assert.Equal(name, Read($"database: {{app_db_name: {name}}}").Database);

    [Theory]
    [Trait("Requirement", "R9")]
    [InlineData("Orders")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("a.b")]
    [InlineData("é")]
    [InlineData("a23456789_123456789_123456789_123456789_123456789_123456789_1234")]
    public void Refuses_every_other_database_name_with_its_line(string name)
    {
        var refusal = Assert.Throws<ResourceFailure>(() => Read($"name: x\ndatabase:\n  app_db_name: {name}\n"));
        Assert.StartsWith($"dbos-config.yaml:3: database.app_db_name specifies invalid app_db_name \"{name}\". Must be between 1 and 63 characters long", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Puts_variables_in_before_the_text_is_read()
    {
        var config = Parse("name: my-app\ndatabase:\n  app_db_name: ${DB}\n  migrate:\n    - ${TOOL} up ${EMPTY}${NOWHERE}!\n");
        Assert.Equal(("orders", "knex up !"), (config.Database, Assert.Single(config.Migrate)));
        Assert.Contains("EMPTY, NOWHERE", Assert.Single(config.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_what_a_deploy_sets_to_the_shell()
    {
        var config = Parse("database: {password: ${PGPASSWORD}, migrate: [ 'psql \"${DBOS_DATABASE_URL}\"' ]}");
        Assert.Equal("psql \"${DBOS_DATABASE_URL}\"", Assert.Single(config.Migrate));
        Assert.Empty(config.Warnings);
    }

    [Theory]
    [InlineData("database:\n  migrate: up\n", "dbos-config.yaml:2: database.migrate is not a list")]
    [InlineData("database:\n  migrate:\n    - a\n    - [b]\n", "dbos-config.yaml:4: database.migrate[1] is not a text")]
    [InlineData("database:\n  - a\n", "dbos-config.yaml:2: database is not a mapping")]
    [InlineData("database:\n  app_db_name: [a]\n", "dbos-config.yaml:2: database.app_db_name is not a text")]
    [InlineData("- a\n", "dbos-config.yaml:1: it is not a mapping")]
    [InlineData("a: b\nc: [\n", "dbos-config.yaml:3: is no YAML")]
    public void Names_file_line_and_key(string text, string start) =>
        Assert.StartsWith(start, Assert.Throws<ResourceFailure>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Does_not_repeat_what_a_variable_held()
    {
        var refusal = Assert.Throws<ResourceFailure>(() => Read("a: ${SECRET}\nb: *${SECRET}\n"));
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warns_when_a_migration_by_hand_would_look_for_another_database() =>
        Assert.Contains("the database \"shop\"; deployed it is \"my_app\"", Assert.Single(Parse("name: shop\n").Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_the_file_is_told()
    {
        var refusal = Assert.Throws<ResourceFailure>(() => DbosConfig.Read("/nowhere", "shop", Environment.GetValueOrDefault));
        Assert.Equal("There is no dbos-config.yaml in \"/nowhere\". Write the path of the application's folder, or add the file to it; it must be no link, and .dbosignore must not name it.", refusal.Message);
    }

    private static (string Database, string Migrate) Read(string text) => Parse(text) is var config ? (config.Database, string.Join(" | ", config.Migrate)) : default;

    private static DbosConfig Parse(string text) => DbosConfig.Parse(text, "my-app", Environment.GetValueOrDefault);
}
