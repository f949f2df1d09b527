using System.Collections.Immutable;

namespace PgFleet.Engines.Local;

/// <summary>The settings of the local engine: where it keeps its servers, and which programs it uses.</summary>
internal sealed record LocalOptions
{
    /// <summary>Absolute path of the folder that holds everything.</summary>
    public required string Home { get; init; }

    /// <summary>Folders of PostgreSQL's programs, searched before <c>PATH</c> and the usual places.</summary>
    public ImmutableArray<string> BinDirectories { get; init; } = [];

    /// <summary>The operating-system user that servers run as when the provider is root. Otherwise they run as the provider's own user.</summary>
    public string ServiceUser { get; init; } = "postgres";

    /// <summary>The folder of the program that servers call to archive. It is copied, so that servers do not depend on it later.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>The options of a configuration, in which null means unset.</summary>
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

    /// <remarks>LocalApplicationData is XDG_DATA_HOME, or ~/.local/share. The option returns the path even if the folder does not exist yet.</remarks>
    private static string DataFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
}
