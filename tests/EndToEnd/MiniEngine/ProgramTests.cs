namespace PgFleet.EndToEnd.MiniEngine;

public sealed class ProgramTests
{
    [Fact]
    public async Task Works_out_references_functions_and_configuration()
    {
        await using var fake = await FakeStack.StartAsync("""
            config:
              port: { type: integer, default: 5432 }
              tags: { type: object, default: { a: [1, two] } }
              home: /srv
            variables:
              asked:
                fn::invoke: { function: "fake:getThing", arguments: { deep: { "c.d": [ "${a.made}" ] } }, return: deep }
            resources:
              a: { type: "fake:Thing", name: renamed, properties: { list: [ { k: v } ], when: 2026-11-03T10:00:00Z, quoted: "5" } }
            outputs:
              dotted: ${asked["c.d"][0]}
              text: "port ${port} of ${a.list[0].k} in ${home}, $${kept}, ${tags.a[1]}"
              whole: ${tags}
              urn: ${a.urn}
              cwd: ${pulumi.cwd}
              when: ${a.when}
              quoted: ${a.quoted}
            """);
        await fake.Stack.ConfigureAsync("home", "/data");
        var up = await fake.UpAsync();
        Assert.Equal(
            $$$"""
            {"cwd":"{{{fake.Folder}}}","dotted":1,"quoted":"5","text":"port 5432 of v in /data, ${kept}, two",
            "urn":"urn:pulumi:dev::shop::fake:index:Thing::renamed","when":"2026-11-03T10:00:00Z","whole":{"a":[1,"two"]}}
            """.ReplaceLineEndings(""),
            up.Outputs.ToJsonString(global::MiniEngine.Values.Json.Readable));
    }

    [Theory]
    [InlineData("resources: { a: { type: \"fake:Thing\", options: { aliases: [] } } }", "resources.a.options.aliases is an option that MiniEngine does not have.")]
    [InlineData("resources: { a: { type: \"fake:Thing\", options: { parent: x } } }", "resources.a.options.parent is an option that MiniEngine does not have.")]
    [InlineData("resources: { a: { type: \"fake:Thing\", properties: { x: { \"fn::fileAsset\": f } } } }", "resources.a.properties.x.fn::fileAsset is a function that MiniEngine does not have.")]
    [InlineData("resources: { a: { type: \"pulumi:pulumi:StackReference\" } }", "resources.a.type is a stack reference, which MiniEngine does not have.")]
    [InlineData("components: {}", "components is a part of a project that MiniEngine does not have.")]
    [InlineData("resources: { a: { type: \"fake:Thing\", component: x } }", "resources.a.component is a part of a resource that MiniEngine does not have.")]
    [InlineData("outputs: { o: \"${nothing.id}\" }", "outputs.o names \"nothing\", which is no resource, variable or configuration key of the program.")]
    [InlineData("variables: { a: \"${b}\", b: \"${c}\", c: \"${b}\" }", "\"b\" is made from itself: b → c → b.")]
    [InlineData("config: { port: { type: integer } }\noutputs: { o: \"${port}\" }", "config.port has no value. Set it with: minien config set port VALUE")]
    [InlineData("outputs: { o: \"${unclosed\" }", "outputs.o has a \"${\" without its \"}\".")]
    [InlineData("resources: { a: { type: \"fake:Thing\" } }\noutputs: { o: \"x ${a}\" }", "puts into text what is neither text, number nor boolean.")]
    public async Task Refuses_by_name_what_it_does_not_do(string program, string error)
    {
        await using var fake = await FakeStack.StartAsync(program);
        Assert.Contains(error, Assert.Single((await fake.Stack.PreviewAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_other_languages()
    {
        await using var fake = await FakeStack.StartAsync("");
        await File.WriteAllTextAsync(Path.Combine(fake.Folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
        Assert.EndsWith("runtime is \"nodejs\": MiniEngine runs yaml programs alone.", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_does_not_exist_is_an_error_once_the_resource_is_there()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources: { a: { type: "fake:Thing" } }
            outputs: { o: "${a.nothing}" }
            """);
        Assert.Equal("[unknown]", (await fake.Stack.PreviewAsync()).Outputs["o"]!.GetValue<string>());
        Assert.EndsWith("no output \"nothing\" on resource \"a\".", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
    }
}
