using Google.Protobuf.WellKnownTypes;
using MiniEngine;
using MiniEngine.Values;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class SecretTests
{
    private const string Program = """
        config:
          password: { type: string, secret: true }
        resources:
          a:
            type: fake:Thing
            properties: { password: "${password}", uri: "postgres://u:${password}@h", plain: { "fn::secret": quiet } }
            options: { additionalSecretOutputs: [ token ] }
        outputs:
          uri: ${a.uri}
          id: ${a.id}
        """;

    public static Struct Secret(string text) =>
        new WireEncoder(true, true, true).Encode(Map.Of(("it", new Secret(new Text(text))))).Fields["it"].StructValue;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_secret_stands_in_clear_in_any_file(bool acceptsSecrets)
    {
        await using var fake = await FakeStack.StartAsync(Program);
        fake.Provider.AcceptsSecrets = acceptsSecrets;
        var arrived = "";
        fake.Provider.OnCreate = request =>
        {
            arrived = request.Properties.ToString();
            if (request.Preview)
                return Task.FromResult(new Pulumirpc.CreateResponse());
            var made = fake.Provider.Make(request);
            made.Properties.Fields["token"] = Value.ForString("t0ken");
            return Task.FromResult(made);
        };
        await fake.Stack.ConfigureAsync("password", "hush", secret: true);
        var up = await fake.UpAsync();
        Assert.Equal("postgres://u:hush@h", up.Outputs["uri"]!.GetValue<string>());
        Assert.Equal(["uri"], up.SecretOutputs);
        Assert.Equal(["password", "plain", "token", "uri"], up["a"].SecretOutputs);
        Assert.Equal(acceptsSecrets, arrived.Contains(WireNames.Secret, StringComparison.Ordinal));
        var files = Directory.GetFiles(fake.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "Pulumi.yaml");
        Assert.All(files.Select(File.ReadAllText), text =>
        {
            Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", text, StringComparison.Ordinal);
            Assert.DoesNotContain("quiet", text, StringComparison.Ordinal);
        });
        Assert.All((await fake.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    public async Task Another_passphrase_opens_nothing()
    {
        await using var fake = await FakeStack.StartAsync(Program);
        await fake.Stack.ConfigureAsync("password", "hush", secret: true);
        var other = new MiniStack(fake.Folder, fake.Options with { Environment = fake.Options.Environment.SetItem("PULUMI_CONFIG_PASSPHRASE", "guess") });
        Assert.Equal("PULUMI_CONFIG_PASSPHRASE is not the passphrase that the stack's secrets were encrypted with.", Assert.Single((await other.PreviewAsync()).Errors));
    }

    [Fact]
    public async Task The_state_is_for_its_owner_alone()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        await fake.UpAsync();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(fake.Folder, ".pulumi-mini", "dev.json")));
    }
}
