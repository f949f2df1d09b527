using System.Diagnostics;
using MiniEngine.Display;

namespace MiniEngine.Verbs;

/// <summary>A command that runs the engine: shows what happens, and returns 0 or 1.</summary>
internal sealed class RunVerb(string folder, StackOptions options, bool progress, TextWriter writer)
{
    public async Task<int> RunAsync(Func<MiniStack, Task<StackResult>> run)
    {
        var style = writer == Console.Out && !Console.IsOutputRedirected ? ProgressStyle.Live : progress ? ProgressStyle.Plain : ProgressStyle.None;
        var target = new MiniStack(folder, options, new ConsoleDisplay(writer, style));
        var watch = Stopwatch.StartNew();
        var result = await run(target);
        foreach (var line in Summary.Of(result, watch.Elapsed))
            await writer.WriteLineAsync(line);
        return result.Succeeded ? 0 : 1;
    }
}
