namespace PgFleet.Commands;

/// <summary>The program's exit codes, for scripts.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The operation was refused or failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server exists, but its status is not "available".</summary>
    public const int NotAvailable = 3;

    /// <summary>There is no server, or no application, of that name.</summary>
    public const int NoSuchServer = 4;
}
