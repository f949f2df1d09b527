namespace PgFleet.Tests.Engines.Local;

/// <summary>A stub of the archive program: copies segments, and pretends to take base backups. Tests of the life cycle need no more.</summary>
internal static class StubArchiveProgram
{
    private const string Script =
        """
        #!/bin/sh
        # A stub, for tests alone.
        case $1 in
        archive-wal)
            archive=$(sed -n 's/.*"archiveDirectory": "\(.*\)".*/\1/p' "$2")
            cp "$3" "$archive/wal/$4" ;;
        base-backup)
            echo "progress 0 100"
            sleep 0.3
            echo "progress 100 100"
            echo "done stub" ;;
        settle-archive)
            echo "done stub" ;;
        remove-shared-memory)
            exec PROGRAM "$@" ;;
        esac
        """;

    public static string Write()
    {
        var folder = Directory.CreateTempSubdirectory("pgf-stub-").FullName;
        File.WriteAllText(Path.Combine(folder, "pgfleet"), Script.Replace("PROGRAM", Path.Combine(Repository.Programs, "pgfleet"), StringComparison.Ordinal));
        return folder;
    }

    public static bool IsAt(string folder) => Path.GetFileName(folder).StartsWith("pgf-stub-", StringComparison.Ordinal);
}
