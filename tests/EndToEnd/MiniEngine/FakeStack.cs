using System.Collections.Immutable;
using System.Globalization;
using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>A project in a folder of its own, whose provider is a <see cref="FakeProvider"/>.</summary>
internal sealed class FakeStack : IAsyncDisposable
{
    private FakeStack(FakeProvider provider) => Provider = provider;

    public FakeProvider Provider { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("minien-").FullName;

    public MiniStack Stack => new(Folder, Options);

    public StackOptions Options => new()
    {
        Environment = ImmutableSortedDictionary<string, string?>.Empty
            .Add("PULUMI_DEBUG_PROVIDERS", string.Create(CultureInfo.InvariantCulture, $"fake:{Provider.Port}"))
            .Add("PULUMI_CONFIG_PASSPHRASE", "open sesame"),
    };

    public string StateText => File.ReadAllText(Path.Combine(Folder, ".pulumi-mini", "dev.json"));

    /// <param name="program">Pulumi.yaml after its name and runtime.</param>
    public static async Task<FakeStack> StartAsync(string program)
    {
        var stack = new FakeStack(await FakeProvider.StartAsync());
        stack.Write(program);
        return stack;
    }

    public void Write(string program) => File.WriteAllText(Path.Combine(Folder, "Pulumi.yaml"), $"name: shop\nruntime: yaml\n{program}\n");

    /// <summary>Puts a program <c>pulumi-resource-fake</c> into the folder <c>bin</c>.</summary>
    public void WriteProvider(string script)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName, "pulumi-resource-fake");
        File.WriteAllText(file, "#!/bin/sh\n" + script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>An up that is expected to succeed.</summary>
    public async Task<StackResult> UpAsync(string? program = null)
    {
        if (program is not null)
            Write(program);
        Provider.Calls.Clear();
        Provider.Wire.Clear();
        var result = await Stack.UpAsync();
        Assert.True(result.Succeeded, string.Join("\n", result.Errors));
        return result;
    }

    /// <summary>The provider's resource calls in a run, without a preview, that is expected to fail or to resume a failed one.</summary>
    public async Task<(StackResult Result, IEnumerable<string> Wire)> RunAsync(Func<MiniStack, Task<StackResult>> run)
    {
        Provider.Calls.Clear();
        Provider.Wire.Clear();
        var result = await run(new MiniStack(Folder, Options with { SkipPreview = true }));
        return (result, [.. Provider.Wire]);
    }

    public static string UrnOf(string name) => $"urn:pulumi:dev::shop::fake:index:Thing::{name}";

    /// <summary>The calls that changed something, in order.</summary>
    public IEnumerable<string> RealCalls => Provider.Calls.Where(call => call[0] != '(');

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
