using System.Collections.Immutable;

namespace PgFleet.Engines.Local;

/// <summary>Where the local engine keeps its servers, and what it makes them of.</summary>
internal sealed record LocalOptions
{
    /// <summary>Absolute path of the folder that holds everything.</summary>
    public required string Home { get; init; }

    /// <summary>Folders with PostgreSQL's programs, looked at before <c>PATH</c> and the usual places.</summary>
    public ImmutableArray<string> BinDirectories { get; init; } = [];

    /// <summary>The operating-system user that servers run as when the provider is root. Otherwise they run as the provider's own user.</summary>
    public string ServiceUser { get; init; } = "postgres";

    /// <summary>The folder of the program that servers call to archive; it is copied, so that they do not depend on it later.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>The options of a configuration in which null means that nothing was said.</summary>
    public static LocalOptions Of(string? home, IReadOnlyList<string>? binDirectories, string? serviceUser) => new()
    {
        Home = home ?? DefaultHome(),
        BinDirectories = [.. binDirectories ?? []],
        ServiceUser = serviceUser ?? "postgres",
    };

    private static string DefaultHome() =>
        Environment.GetEnvironmentVariable("PGFLEET_HOME") is { Length: > 0 } home ? Path.GetFullPath(home)
        : Environment.IsPrivilegedProcess ? "/var/lib/pgfleet"
        : Path.Combine(DataFolder(), "pgfleet");

    /// <remarks>LocalApplicationData is XDG_DATA_HOME, or ~/.local/share; the option keeps it from being empty where that is not made yet.</remarks>
    private static string DataFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
}
