namespace PgFleet.Shared;

/// <summary>By the numbers that they have on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Continue = 18,
    Stop = 19,
}
