namespace PgFleet.Shared;

/// <summary>Signals by their numbers on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Continue = 18,
    Stop = 19,
}
