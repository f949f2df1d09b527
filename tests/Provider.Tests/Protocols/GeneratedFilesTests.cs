using PgFleet.Operations;
using PgFleet.Protocols.Pulumi;
using PgFleet.Resources;
using PgFleet.Schema.Docs;

namespace PgFleet.Tests.Protocols;

/// <summary>The generated files: <c>make generate</c> runs this with PGFLEET_GENERATE set, which writes instead of comparing.</summary>
public sealed class GeneratedFilesTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("PGFLEET_GENERATE") == "1";

    private static readonly ProviderDefinition Fleet = Program.Compose(FleetConfig.At("/nowhere"));

    [Fact]
    public void The_package_schema_is_up_to_date() => Hold("sdk/schema.json", Package.Schema(Fleet));

    [Fact]
    public void Every_resource_and_function_has_its_page_up_to_date()
    {
        foreach (var resource in Fleet.Resources)
        {
            Hold($"docs/resources/{resource.Name}.md", ResourcePage.Write(resource.Described));
        }
        foreach (var function in Fleet.Functions)
        {
            Hold($"docs/functions/{function.Name}.md", ResourcePage.Write(function.Described));
        }
    }

    [Fact]
    public void Every_field_says_what_it_is_in_sentences()
    {
        var mute = from shape in Fleet.Resources.Select(resource => resource.Shape).Concat(Fleet.Functions.Select(function => function.Shape))
                   from field in shape.Fields
                   where !field.Description.ToString().EndsWith('.')
                   select field.Name;
        Assert.Empty(mute);
    }

    [Fact]
    public void What_looks_like_a_secret_is_declared_one()
    {
        var bare = from resource in Fleet.Resources
                   from field in resource.Shape.Fields
                   where field.Name.Contains("password", StringComparison.OrdinalIgnoreCase) || field.Name is "connection" or "connectionUri"
                   where !field.Secret
                   select $"{resource.Name}.{field.Name}";
        Assert.Empty(bare);
    }

    [Fact]
    public void Every_default_passes_its_own_rules()
    {
        foreach (var field in Fleet.Resources.SelectMany(resource => resource.Shape.Inputs).Where(field => field.Default is not null))
        {
            Assert.All(field.Rules, rule => Assert.Null(rule(field.Default!)));
        }
    }

    private static void Hold(string path, string content)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
        Assert.True(File.Exists(file) && File.ReadAllText(file) == content, $"{path} is out of date: run make generate.");
    }
}
