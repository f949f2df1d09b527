using System.Runtime.InteropServices;

namespace PgFleet.Platform;

/// <summary>SIGINT, with which the engine tells a provider to end.</summary>
internal static partial class Interrupt
{
    private const int Number = 2;
    private const nint Default = 0;

    /// <summary>
    /// Heeds it though whoever started the engine had it ignored, as a shell has for what it runs in the background: .NET leaves a signal that
    /// is ignored at its start as it is, and the engine would wait in vain, and kill. Before anything else of .NET asks for signals.
    /// </summary>
    public static void EnableSigint() => _ = Handle(Number, Default);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
