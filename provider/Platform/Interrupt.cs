using System.Runtime.InteropServices;

namespace PgFleet.Platform;

/// <summary>SIGINT, by which the engine asks a provider to exit.</summary>
internal static partial class Interrupt
{
    private const int Number = 2;
    private const nint Default = 0;

    /// <summary>
    /// Restores SIGINT's default action. A shell starts background jobs with it ignored; .NET would keep it so, and the engine would wait in
    /// vain and then kill this process. Must run before .NET registers for signals.
    /// </summary>
    public static void EnableSigint() => _ = Handle(Number, Default);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
