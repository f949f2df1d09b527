namespace PgFleet.Tests.Architecture;

public sealed class HouseTests
{
    [Fact]
    public void Every_resource_folder_has_the_same_cast()
    {
        // The shared code of all kinds of instances is not a resource.
        var resources = Directory.GetDirectories(Path.Combine(Sources.Provider, "Resources")).Where(folder => Path.GetFileName(folder) != "Instances").ToList();
        Assert.NotEmpty(resources);
        Assert.All(resources, folder =>
        {
            var name = Path.GetFileName(folder);
            string[] cast = [$"{name}Args.cs", $"{name}Outputs.cs", $"{name}Handler.cs", $"{name}.md"];
            Assert.Empty(cast.Except(Directory.GetFiles(folder).Select(Path.GetFileName)));
        });
    }

    [Fact]
    public void No_file_is_above_300_lines()
    {
        Assert.DoesNotContain(Sources.Files(), file => Sources.Lines(file).Length > 300);
    }

    [Fact]
    public void No_comment_is_wider_than_160_columns()
    {
        var wide = Sources.Files().SelectMany(file => Sources.Lines(file).Where(line => line.Length > 160 && line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        Assert.Empty(wide);
    }

    // The generated contract loses an initialiser on an init property: the default would silently be null or 0.
    [Fact]
    public void No_args_record_has_an_initialiser()
    {
        var args = Sources.Files().Where(file => file.EndsWith("Args.cs", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(args);
        Assert.All(args, file => Assert.DoesNotContain(Sources.Lines(file), line => line.Contains("init; } =", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_commands_helpers_and_the_protocols_handshakes_write_to_stdout()
    {
        var writers = Sources.Files()
            .Where(file => Sources.Lines(file).Any(line => line.Contains("Console.Out", StringComparison.Ordinal) || line.Contains("Console.Write", StringComparison.Ordinal)))
            .Where(file => !file.StartsWith("Commands/", StringComparison.Ordinal));
        Assert.Equal(["Archives/Helper/ArchiveProgram.cs", "Archives/Helper/BaseBackupCommand.cs", "Archives/Helper/RestoreCommand.cs", "Archives/Helper/SettleArchiveCommand.cs", "Protocols/Pulumi/PulumiServer.cs", "Protocols/Terraform/TerraformServer.cs"], writers.Order());
    }
}
