using Grpc.Core;
using Pulumirpc;

namespace PgFleet.Protocol;

public sealed class ConfigurationTests(AskedProvider asked) : IClassFixture<AskedProvider>
{
    private readonly ProviderProcess provider = asked.Process;

    [Fact]
    public async Task CheckConfig_gives_the_configuration_back_as_it_came()
    {
        var news = Wire.Struct("""{"home": "/srv/fleet", "binDirectories": "[\"/opt/pg/bin\"]", "version": "0.1.0"}""");
        var check = await provider.Client.CheckConfigAsync(new() { News = news });
        Assert.Empty(check.Failures);
        Assert.Equal(news, check.Inputs);
    }

    [Theory]
    [InlineData("""{"home": "relative"}""", "home")]
    [InlineData("""{"serviceUser": "Not A User"}""", "serviceUser")]
    [InlineData("""{"binDirectories": 5}""", "binDirectories")]
    [InlineData("""{"hom": "/srv"}""", "hom")]
    public async Task CheckConfig_names_the_setting_that_is_wrong(string news, string property)
    {
        var check = await provider.Client.CheckConfigAsync(new() { News = Wire.Struct(news) });
        Assert.Equal(property, Assert.Single(check.Failures).Property);
    }

    [Fact]
    public async Task Configure_refuses_what_CheckConfig_would()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await provider.Client.ConfigureAsync(new() { Args = Wire.Struct("""{"home": "relative"}""") }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("home: ", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_unwraps_secrets_and_agrees_with_the_handshake()
    {
        var answer = await provider.Client.ConfigureAsync(new() { Args = Wire.Struct($$"""{"home": {{Wire.Secret($"\"{asked.Home}\"")}}}""") });
        Assert.True(answer is { AcceptSecrets: true, SupportsPreview: true, AcceptResources: true, AcceptOutputs: true, SupportsAutonamingConfiguration: true });
    }

    [Fact]
    public async Task Another_home_never_replaces_what_the_first_one_holds()
    {
        var diff = await provider.Client.DiffConfigAsync(new()
        {
            OldInputs = Wire.Struct("""{"home": "/srv/a", "version": "0.1.0"}"""),
            Olds = Wire.Struct("""{"home": "/srv/a", "version": "0.1.0"}"""),
            News = Wire.Struct("""{"home": "/srv/b", "serviceUser": "pg", "version": "0.1.0"}"""),
        });
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffSome, diff.Changes);
        Assert.Empty(diff.Replaces);
        Assert.Equal(["home", "serviceUser"], diff.Diffs);
        Assert.Equal(PropertyDiff.Types.Kind.Update, diff.DetailedDiff["home"].Kind);
        Assert.Equal(PropertyDiff.Types.Kind.Add, diff.DetailedDiff["serviceUser"].Kind);
    }
}
