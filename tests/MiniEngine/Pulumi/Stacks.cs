namespace MiniEngine.Pulumi;

internal static class Stacks
{
    /// <summary>The project's stack, under the real <c>pulumi</c> wherever that is on the PATH.</summary>
    public static IStack Open(string folder, StackOptions options) =>
        PulumiStack.IsInstalled(options) ? new PulumiStack(folder, options) : new MiniStack(folder, options);
}
