using static System.IO.UnixFileMode;

namespace PgFleet.Platform;

internal static class Modes
{
    /// <summary>0600: only the user that runs the provider.</summary>
    public const UnixFileMode Private = UserRead | UserWrite;

    /// <summary>0640: the servers' group may read it.</summary>
    public const UnixFileMode Shared = Private | GroupRead;

    /// <summary>0644.</summary>
    public const UnixFileMode Public = Shared | OtherRead;

    /// <summary>0700.</summary>
    public const UnixFileMode PrivateFolder = Private | UserExecute;

    /// <summary>0750.</summary>
    public const UnixFileMode SharedFolder = PrivateFolder | GroupRead | GroupExecute;

    /// <summary>0711: others may pass through but not list it.</summary>
    public const UnixFileMode Passage = PrivateFolder | GroupExecute | OtherExecute;

    /// <summary>0755.</summary>
    public const UnixFileMode Program = SharedFolder | OtherRead | OtherExecute;
}
