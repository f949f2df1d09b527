using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MiniEngine.Display;
using MiniEngine.Values;

namespace MiniEngine.Verbs;

/// <summary>The verbs of <c>minien</c>, spelled like Pulumi's: those that the demo, the documentation and eng/keep-release use.</summary>
internal sealed class CommandLine
{
    private readonly Option<DirectoryInfo> folder = new("--cwd") { Description = "The folder of Pulumi.yaml.", DefaultValueFactory = _ => new("."), Recursive = true };
    private readonly Option<string> stack = new("--stack", "-s") { Description = "The stack.", DefaultValueFactory = _ => "dev", Recursive = true };
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Accepted; nothing is asked.", Recursive = true };
    private readonly Option<bool> skipPreview = new("--skip-preview", "-f") { Description = "Starts without a preview." };
    private readonly Option<bool> refresh = new("--refresh", "-r") { Description = "Refreshes the state first." };
    private readonly Option<bool> protect = new("--protect") { Description = "Protects what is imported.", DefaultValueFactory = _ => true };
    private readonly Option<bool> secret = new("--secret") { Description = "Encrypts the value." };
    private readonly Option<bool> showSecrets = new("--show-secrets") { Description = "Prints secrets in clear." };
    private readonly Argument<string> type = new("type");
    private readonly Argument<string> name = new("name");
    private readonly Argument<string> id = new("id");
    private readonly Argument<string> key = new("key");
    private readonly Argument<string?> value = new("value") { Arity = ArgumentArity.ZeroOrOne, Description = "Left out, it is read from standard input, where no other process sees it." };

    public RootCommand Build() => new("A small stand-in for Pulumi's engine.")
    {
        folder, stack, yes,
        Run("preview", "Shows what up would do.", (target, parsed, cancel) => target.PreviewAsync(Choice(parsed), cancel), refresh),
        Run("up", "Makes what the program describes.", (target, parsed, cancel) => target.UpAsync(Choice(parsed), cancel), skipPreview, refresh),
        Run("refresh", "Brings the state in line with what is there.", (target, parsed, cancel) => target.RefreshAsync(null, cancel)),
        Run("destroy", "Ends everything in the stack.", (target, parsed, cancel) => target.DestroyAsync(Choice(parsed), cancel), refresh),
        Run("import", "Takes what exists into the stack.", (target, parsed, cancel) =>
            target.ImportAsync(parsed.GetRequiredValue(type), parsed.GetRequiredValue(name), parsed.GetRequiredValue(id), parsed.GetValue(protect), cancel), type, name, id, protect),
        new Command("stack", "Shows the stack.")
        {
            Command("output", "Prints an output as the last run recorded it.", (parsed, _) => Task.FromResult(Show(parsed, Target(parsed).Load().Outputs)), name, showSecrets),
        },
        new Command("config", "Configures the stack.") { Command("set", "Sets a configuration key.", ConfigureAsync, key, value, secret) },
    };

    /// <summary>A verb that runs the engine: shows what happens, and ends with 0 or 1.</summary>
    private Command Run(string verb, string description, Func<MiniStack, ParseResult, CancellationToken, Task<StackResult>> run, params ReadOnlySpan<Symbol> parts) =>
        Command(
            verb,
            description,
            async (parsed, cancel) =>
            {
                var display = new ConsoleDisplay(parsed.InvocationConfiguration.Output);
                var watch = Stopwatch.StartNew();
                var result = await run(Target(parsed, display), parsed, cancel);
                display.Ended(result, watch.Elapsed);
                return result.Succeeded ? 0 : 1;
            },
            parts);

    private int Show(ParseResult parsed, Map outputs)
    {
        var wanted = parsed.GetRequiredValue(name);
        var shown = Json.Write(outputs, parsed.GetValue(showSecrets) ? Json.Reveal : Json.Mask);
        if (!shown.TryGetPropertyValue(wanted, out var content))
            throw new UserException($"The stack has no output \"{wanted}\".");
        parsed.InvocationConfiguration.Output.WriteLine(content is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : content?.ToJsonString(Json.Readable) ?? "null");
        return 0;
    }

    private async Task<int> ConfigureAsync(ParseResult parsed, CancellationToken cancel)
    {
        var text = parsed.GetValue(value) ?? (await Console.In.ReadToEndAsync(cancel)).TrimEnd('\n');
        await Target(parsed).ConfigureAsync(parsed.GetRequiredValue(key), text, parsed.GetValue(secret), cancel);
        return 0;
    }

    private MiniStack Target(ParseResult parsed, ConsoleDisplay? display = null) =>
        new(parsed.GetRequiredValue(folder).FullName, new() { Stack = parsed.GetRequiredValue(stack), SkipPreview = parsed.GetValue(skipPreview) }, display);

    /// <summary>An option that the command does not have has its default value.</summary>
    private RunOptions Choice(ParseResult parsed) => new() { Refresh = parsed.GetValue(refresh) };

    private static Command Command(string verb, string description, Func<ParseResult, CancellationToken, Task<int>> action, params ReadOnlySpan<Symbol> parts)
    {
        var command = new Command(verb, description);
        foreach (var part in parts)
        {
            if (part is Option option)
                command.Options.Add(option);
            else
                command.Arguments.Add((Argument)part);
        }
        command.SetAction(action);
        return command;
    }
}
