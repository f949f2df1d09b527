namespace PgFleet.EndToEnd;

public sealed class ExtensionTests
{
    [Fact]
    public async Task A_misspelt_extension_is_refused_in_the_preview_that_makes_its_server()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders", "extensions:\n  pgcrypto: {}\n  pgcryptoo: {}"));

        var preview = await work.Stack.PreviewAsync();

        Assert.False(preview.Succeeded);
        Assert.Contains("\"pgcryptoo\" is not available: PostgreSQL on this machine has no such extension", Workplace.Told(preview), StringComparison.Ordinal);
        Assert.DoesNotContain("\"pgcrypto\" is not available", Workplace.Told(preview), StringComparison.Ordinal);
        Assert.False(Directory.Exists(work.Home));
    }
}
