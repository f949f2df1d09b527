using System.Text.Json;
using Pulumirpc;

namespace PgFleet.Protocol;

public sealed class StateTests(AskedProvider asked) : IClassFixture<AskedProvider>
{
    /// <summary>pulumi-state-1.json is what a program with every resource left in its stack's state; it stays as it is, whatever later versions write.</summary>
    [Fact]
    public async Task A_state_of_the_first_format_plans_nothing()
    {
        var app = Directory.CreateDirectory(Path.Combine(asked.Home, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(app, "dbos-config.yaml"), "name: shop-app\ndatabase:\n  migrate:\n    - \"true\"\n");
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "pulumi-state-1.json"));
        using var file = JsonDocument.Parse(text.Replace("DIRECTORY", app, StringComparison.Ordinal));
        var types = new List<string>();
        foreach (var resource in file.RootElement.EnumerateArray())
        {
            var (type, inputs) = (resource.GetProperty("type").GetString()!, Wire.Struct(resource.GetProperty("inputs").GetRawText()));
            var request = new DiffRequest
            {
                Id = resource.GetProperty("id").GetString(),
                Urn = Wire.Urn(type, resource.GetProperty("name").GetString()!),
                Type = type,
                Olds = Wire.Struct(resource.GetProperty("outputs").GetRawText()),
                OldInputs = inputs,
                News = inputs,
            };
            var diff = await asked.Process.Client.DiffAsync(request);
            Assert.True(diff.Changes == DiffResponse.Types.DiffChanges.DiffNone, $"{type}: {diff}");
            types.Add(type);
        }
        var schema = JsonDocument.Parse((await asked.Process.Client.GetSchemaAsync(new())).Schema).RootElement;
        Assert.Equal(schema.GetProperty("resources").EnumerateObject().Select(resource => resource.Name).Order(), types.Order());
    }
}
