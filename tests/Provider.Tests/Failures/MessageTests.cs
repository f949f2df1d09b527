using PgFleet.Failures;
using PgFleet.Protocols.Terraform;
using PgFleet.Schema;

namespace PgFleet.Tests.Failures;

public sealed class MessageTests
{
    /// <summary>The declared spelling, for Pulumi and the command line, and Terraform's.</summary>
    public static TheoryData<string, string, string> Terms => new()
    {
        { nameof(Term.Property), "Set backup.onDelete.", "Set backup.on_delete." },
        { "Reserved", "Leave connection out.", "Leave instance_connection out." },
        { "Key", "parameters[\"myApp.workMem\"] is null.", "parameters[\"myApp.workMem\"] is null." },
        { nameof(Term.Resource), "A RestoredInstance of it.", "A pgfleet_restored_instance of it." },
        { nameof(Term.Function), "See getRecoveryWindow.", "See pgfleet_recovery_window." },
        { "List", "See listApplicationVersions.", "See pgfleet_application_versions." },
        { nameof(Term.Import), "Run: pulumi import pgfleet:index:LinkedInstance myServer myServer.", "Run: terraform import pgfleet_linked_instance.NAME myServer." },
        { "Quoted", "Run: pulumi import pgfleet:index:Database 'it'\\''s' 'main/it'\\''s'.", "Run: terraform import pgfleet_database.NAME 'main/it'\\''s'." },
    };

    [Theory]
    [MemberData(nameof(Terms))]
    public void Each_front_spells_a_term_as_its_users_write_it(string term, string declared, string terraform)
    {
        Message message = term switch
        {
            nameof(Term.Property) => Message.Of($"Set {Term.Property("backup.onDelete")}."),
            "Reserved" => Message.Of($"Leave {Term.Property("connection")} out."),
            "Key" => Message.Of($"{Term.Property("parameters[\"myApp.workMem\"]")} is null."),
            nameof(Term.Resource) => Message.Of($"A {Term.Resource("RestoredInstance")} of it."),
            nameof(Term.Function) => Message.Of($"See {Term.Function("getRecoveryWindow")}."),
            "List" => Message.Of($"See {Term.Function("listApplicationVersions")}."),
            nameof(Term.Import) => Message.Of($"Run: {Term.Import("LinkedInstance", "myServer", "myServer")}."),
            _ => Message.Of($"Run: {Term.Import("Database", "it's", "main/it's")}."),
        };
        Assert.Equal(declared, message.ToString());
        Assert.Equal(declared, message.Render(DeclaredTerms.Instance));
        Assert.Equal(terraform, message.Render(TerraformTerms.Instance));
    }

    [Fact]
    public void What_was_joined_in_another_way_is_the_same_message()
    {
        Message whole = $"{1.5:0.0} of {"restoreTime"}: {Term.Property("restoreTime")}.";
        Message start = $"1.5 of restoreTime: ";
        var joined = Message.Of($"{start}{Message.Of($"{Term.Property("restoreTime")}")}{"."}{""}");
        Assert.Equal(whole, joined);
        Assert.Equal(whole.GetHashCode(), joined.GetHashCode());
        Assert.Equal([new Problem("port", whole)], [new Problem("port", joined)]);

        // They render alike, but are not equal.
        Assert.NotEqual<Message>(whole, whole.ToString());
    }

    [Fact]
    public void Joining_and_changing_keep_the_terms()
    {
        Message term = $"Set {Term.Property("sslMode")}";
        Assert.Equal("Set ssl_mode..; Set ssl_mode..", Message.Join("; ", [$"{term}..", $"{term}.."]).Render(TerraformTerms.Instance));
        Assert.Equal("Set ssl_mode", Message.Of($"{term}..").TrimEnd('.').Render(TerraformTerms.Instance));
        Assert.Equal("SET ssl_mode", term.Select(text => text == "sslMode" ? text : text.ToUpperInvariant()).Render(TerraformTerms.Instance));
    }

    [Theory]
    [InlineData("Of a `Database`, or `getInstance`'s `postgresVersion`.", "Of a `pgfleet_database`, or `pgfleet_instance`'s `postgres_version`.")]
    [InlineData("`backup.onDelete` and `connection`, not connection.", "`backup.on_delete` and `instance_connection`, not connection.")]
    [InlineData("`NODE_EXTRA_CA_CERTS`, `dbos-config.yaml`, `latest`, `${VAR}`, camelCase", "`NODE_EXTRA_CA_CERTS`, `dbos-config.yaml`, `latest`, `${VAR}`, camelCase")]
    [InlineData("    pulumi import pgfleet:index:Database shop main/shop\n", "    terraform import pgfleet_database.NAME main/shop\n")]
    public void A_name_in_backticks_is_a_term(string prose, string terraform)
    {
        Assert.Equal(prose, Markdown.Read(prose).ToString());
        Assert.Equal(terraform, Markdown.Read(prose).Render(TerraformTerms.Instance));
    }
}
