using PgFleet.Protocols.Terraform;
using PgFleet.Resources.Database;

namespace PgFleet.Tests.Protocols.Terraform;

public sealed class TerraformWordingTests
{
    [Theory]
    [InlineData("orders", "main/orders")]
    [InlineData("two words", "'main/two words'")]
    [InlineData("in\"side", "'main/in\"side'")]
    [InlineData("it's", "'main/it'\\''s'")]
    public void What_is_there_already_is_imported_by_terraform_s_command_with_the_whole_id(string name, string id)
    {
        var pulumi = $"Database \"{name}\" exists already on instance \"main\". {Import.Of(new() { Instance = "main", Name = name })}";
        Assert.Contains($" {id}. Otherwise", pulumi, StringComparison.Ordinal);

        Assert.EndsWith($"If it is the one meant, run: terraform import pgfleet_database.NAME {id}. Otherwise choose another name.", TerraformWording.Of(pulumi), StringComparison.Ordinal);
    }
}
