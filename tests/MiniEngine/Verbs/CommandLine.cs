using System.CommandLine;

namespace MiniEngine.Verbs;

/// <summary>The verbs of <c>minien</c>, spelled like Pulumi's.</summary>
internal sealed class CommandLine
{
    private readonly Option<DirectoryInfo> folder = new("--cwd") { Description = "The folder of Pulumi.yaml.", DefaultValueFactory = _ => new("."), Recursive = true };
    private readonly Option<string> stack = new("--stack", "-s") { Description = "The stack.", DefaultValueFactory = _ => "dev", Recursive = true };
    private readonly Option<int> parallel = new("--parallel", "-p") { Description = "Resources worked on at once.", DefaultValueFactory = _ => 8, Recursive = true };
    private readonly Option<bool> progress = new("--progress") { Description = "Shows progress where stdout is no terminal, too.", Recursive = true };
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "Accepted; nothing is asked.", Recursive = true };
    private readonly Option<bool> nonInteractive = new("--non-interactive") { Description = "Accepted; nothing is asked.", Recursive = true };
    private readonly Option<bool> skipPreview = new("--skip-preview", "-f") { Description = "Starts without a preview." };
    private readonly Option<bool> refresh = new("--refresh", "-r") { Description = "Refreshes the state first." };
    private readonly Option<bool> runProgram = new("--run-program") { Description = "Runs the program too; each resource is read as it comes." };
    private readonly Option<string[]> targets = new("--target", "-t") { Description = "The URN of what alone is touched." };
    private readonly Option<bool> targetDependents = new("--target-dependents") { Description = "What depends on a target is one too." };
    private readonly Option<string[]> replace = new("--replace") { Description = "The URN of what is replaced, whatever has changed." };
    private readonly Option<string[]> targetReplace = new("--target-replace") { Description = "Both --target and --replace." };
    private readonly Option<bool> protect = new("--protect") { Description = "Protects what is imported.", DefaultValueFactory = _ => true };
    private readonly Option<bool> secret = new("--secret") { Description = "Encrypts the value." };
    private readonly Option<bool> json = new("--json", "-j") { Description = "Prints JSON." };
    private readonly Option<bool> showSecrets = new("--show-secrets") { Description = "Prints secrets in clear." };
    private readonly Argument<string> type = new("type");
    private readonly Argument<string> name = new("name");
    private readonly Argument<string> id = new("id");
    private readonly Argument<string> urn = new("urn");
    private readonly Argument<string> key = new("key");
    private readonly Argument<string?> value = new("value") { Arity = ArgumentArity.ZeroOrOne, Description = "Left out, it is read from standard input, where no other process sees it." };
    private readonly Argument<string?> output = new("name") { Arity = ArgumentArity.ZeroOrOne };

    public RootCommand Build() => new("A small stand-in for Pulumi's engine.")
    {
        folder, stack, parallel, progress, yes, nonInteractive,
        Verb("preview", "Shows what up would do.", (target, parsed, cancel) => target.PreviewAsync(Choice(parsed), cancel), refresh, runProgram, targets, targetDependents, replace, targetReplace),
        Verb("up", "Makes what the program describes.", (target, parsed, cancel) => target.UpAsync(Choice(parsed), cancel), skipPreview, refresh, runProgram, targets, targetDependents, replace, targetReplace),
        Verb("refresh", "Brings the state in line with what is there.", (target, parsed, cancel) => target.RefreshAsync(Choice(parsed), cancel), runProgram, targets, targetDependents),
        Verb("destroy", "Ends everything in the stack.", (target, parsed, cancel) => target.DestroyAsync(Choice(parsed), cancel), refresh, runProgram, targets, targetDependents),
        Verb("import", "Takes what exists into the stack.", (target, parsed, cancel) =>
            target.ImportAsync(parsed.GetRequiredValue(type), parsed.GetRequiredValue(name), parsed.GetRequiredValue(id), parsed.GetValue(protect), cancel), type, name, id, protect),
        new Command("stack", "Shows the stack.") { StackOutput() },
        new Command("state", "Edits the state.") { StateTaint() },
        new Command("config", "Configures the stack.") { ConfigSet() },
    };

    private Command Verb(string verb, string description, Func<MiniStack, ParseResult, CancellationToken, Task<StackResult>> run, params Symbol[] parts)
    {
        var command = Command(verb, description, parts);
        command.SetAction((parsed, cancel) =>
            new RunVerb(parsed.GetRequiredValue(folder).FullName, Options(parsed), parsed.GetValue(progress), parsed.InvocationConfiguration.Output).RunAsync(target => run(target, parsed, cancel)));
        return command;
    }

    private Command StackOutput()
    {
        var command = Command("output", "Prints the stack's outputs.", [output, json, showSecrets]);
        command.SetAction(parsed => OutputVerb.Run(Target(parsed), parsed.InvocationConfiguration.Output, parsed.GetValue(output), parsed.GetValue(json), parsed.GetValue(showSecrets)));
        return command;
    }

    private Command StateTaint()
    {
        var command = Command("taint", "Has the next run replace a resource.", [urn]);
        command.SetAction((parsed, cancel) => Target(parsed).TaintAsync(parsed.GetRequiredValue(urn), cancel));
        return command;
    }

    private Command ConfigSet()
    {
        var command = Command("set", "Sets a configuration key.", [key, value, secret]);
        command.SetAction(async (parsed, cancel) =>
        {
            var text = parsed.GetValue(value) ?? (await Console.In.ReadToEndAsync(cancel)).TrimEnd('\n');
            await Target(parsed).ConfigureAsync(parsed.GetRequiredValue(key), text, parsed.GetValue(secret), cancel);
        });
        return command;
    }

    private MiniStack Target(ParseResult parsed) => new(parsed.GetRequiredValue(folder).FullName, Options(parsed));

    /// <summary>The options of a command; an option that the command does not have is absent.</summary>
    private RunOptions Choice(ParseResult parsed) => new()
    {
        Refresh = parsed.GetValue(refresh),
        RunProgram = parsed.GetValue(runProgram),
        Targets = [.. parsed.GetValue(targets) ?? [], .. parsed.GetValue(targetReplace) ?? []],
        TargetDependents = parsed.GetValue(targetDependents),
        Replace = [.. parsed.GetValue(replace) ?? [], .. parsed.GetValue(targetReplace) ?? []],
    };

    private StackOptions Options(ParseResult parsed) => new()
    {
        Stack = parsed.GetRequiredValue(stack),
        Parallel = parsed.GetValue(parallel),
        SkipPreview = parsed.GetValue(skipPreview),
    };

    private static Command Command(string verb, string description, params ReadOnlySpan<Symbol> parts)
    {
        var command = new Command(verb, description);
        foreach (var part in parts)
        {
            if (part is Option option)
                command.Options.Add(option);
            else
                command.Arguments.Add((Argument)part);
        }
        return command;
    }
}
