using PgFleet.Applications;
using PgFleet.Archives;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Platform;
using PgFleet.Postgres.Sql;
using PgFleet.Protocols.Terraform;
using PgFleet.Resources.Database;
using Tfplugin6;

namespace PgFleet.Tests.Protocols.Terraform;

/// <summary>Texts for Terraform's users: declared names in Terraform's spelling, the user's own names unchanged.</summary>
public sealed class TerraformTextTests
{
    [Fact]
    public void A_column_is_told_by_its_name()
    {
        var warnings = new List<Diagnostic>();
        new LogDiagnostics(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, "pgfleet_application", warnings)
            .Warn("The migrations of application \"myShop\" took columns away that code of an earlier version may still use: public.orders.unitPrice is gone.");
        Assert.Equal(
            "The migrations of application \"myShop\" took columns away that code of an earlier version may still use: public.orders.unitPrice is gone.",
            Assert.Single(warnings).Detail);
    }

    [Fact]
    public void Variables_are_told_by_their_names()
    {
        var warning = Assert.Single(DbosConfig.Parse("name: myShop\ndatabase:\n  password: ${dbPassword}${restoreTime}\n", "myShop", _ => null).Warnings);
        Assert.EndsWith("nothing stands in their place: dbPassword, restoreTime.", Shown(new Problem("directory", warning, Refuses: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_told_as_it_is() => Assert.Equal(
        "The operating system denies access: Access to the path '/srv/myApp/getStarted' is denied. Run as a user that has it, or set home to a folder of your own.",
        Shown(SystemErrors.Explain(new UnauthorizedAccessException("Access to the path '/srv/myApp/getStarted' is denied."))!));

    [Fact]
    public void A_name_with_quotation_marks_in_it_is_told_as_it_is() => Assert.Equal(
        "The server \"my \"LinkedInstance\" restoreTime\" is protected. Set deletion_protection to false and update it first, if its data may go. If it is to stay, take what would delete it out of the state.",
        Shown(Protection.Refusal("my \"LinkedInstance\" restoreTime")));

    [Theory]
    [InlineData("orders", "main/orders")]
    [InlineData("two words", "'main/two words'")]
    [InlineData("in\"side myColumn", "'main/in\"side myColumn'")]
    [InlineData("it's getStarted", "'main/it'\\''s getStarted'")]
    public void A_database_that_is_there_already_is_imported_with_its_whole_id(string name, string id)
    {
        var failure = new ResourceFailure(FailureKind.Conflict, $"Database \"{name}\" exists already.", Import.Of(new() { Instance = "main", Name = name }));
        Assert.Equal($"Database \"{name}\" exists already. If it is the one meant, run: terraform import pgfleet_database.NAME {id}. Otherwise choose another name.", Shown(failure));
        Assert.EndsWith($" {id}. Otherwise choose another name.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_quotation_mark_in_a_name_leaves_what_follows_as_it_is()
    {
        var refusal = DropBlocker.Refusal("a \"b", false, [new("clients", "pid 1 (application \"myApp of restoreTime)", false)])!;
        Assert.Equal(
            "Database \"a \"b\" is not dropped, since it has clients: pid 1 (application \"myApp of restoreTime). End or drop them, or set on_delete to \"force\" and apply that, then delete again.",
            Shown(refusal));
    }

    [Fact]
    public void What_a_command_printed_is_told_as_it_was_printed() => Assert.Equal(
        "It failed.\nstdout: pulumi import pgfleet:index:Database a b\nno createdAt in unitPrice\n\nmyColumn\n The state is that of restore_time.",
        Shown(new ResourceFailure(
            FailureKind.Refused, "It failed.\nstdout: pulumi import pgfleet:index:Database a b\nno createdAt in unitPrice\n\nmyColumn\n", $"The state is that of {Term.Property("restoreTime")}.")));

    [Fact]
    public void What_the_archive_s_program_refuses_comes_across_with_its_terms()
    {
        var failure = new ResourceFailure(FailureKind.Refused, $"\"myServer\" has no restoreTime\n.", $"Set {Term.Property("restoreTime")} earlier, or run: {Term.Import("Database", "it's", "main/it's")}");
        var told = HelperFailure.Parse(System.Text.Json.JsonSerializer.Serialize(HelperFailure.Of(failure), ArchiveJson.OneLine.HelperFailure)).After("The restore of \"myCopy\" came to nothing:");
        Assert.Equal(
            "The restore of \"myCopy\" came to nothing: \"myServer\" has no restoreTime . Set restore_time earlier, or run: terraform import pgfleet_database.NAME 'main/it'\\''s'",
            Shown(told));
        Assert.EndsWith("Set restoreTime earlier, or run: pulumi import pgfleet:index:Database 'it'\\''s' 'main/it'\\''s'", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sourceInstance", true, "source_instance is refused", "source_instance: \"restoreTime\" is not it.")]
    [InlineData("clientNetworks[0]", false, "client_networks[0]: warning", "client_networks[0]: \"restoreTime\" is not it.")]
    [InlineData("", true, "Refused", "\"restoreTime\" is not it.")]
    [InlineData("", false, "Warning", "\"restoreTime\" is not it.")]
    public void A_problem_has_its_path_in_front(string path, bool refuses, string summary, string detail)
    {
        var diagnostic = TerraformErrors.Of(new Problem(path, "\"restoreTime\" is not it.", refuses), _ => false);
        Assert.Equal((summary, detail), (diagnostic.Summary, diagnostic.Detail));
        Assert.Equal(detail, TerraformErrors.Of(new RefusedException([new(path, "\"restoreTime\" is not it.", refuses)]), "", null, "").Detail);
    }

    private static string Shown(Problem problem) => TerraformErrors.Of(problem, _ => false).Detail;

    private static string Shown(ResourceFailure failure) => TerraformErrors.Of(failure, "It failed", null, "timeouts").Detail;
}
