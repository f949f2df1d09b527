using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Checks that only root and this process's user can change what lies in a folder.</summary>
internal static class Trust
{
    /// <exception cref="ResourceFailure">Another user owns one of the paths or can write to it.</exception>
    public static void Require(string home, params IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(path => !IsOwn(path)) is { } foreign)
        {
            throw new ResourceFailure(FailureKind.Refused, $"The home \"{home}\" is not used: {Describe(foreign)}.", $"If you trust what lies in it, give it to the user that runs this alone (chown, chmod o-w); else set {Term.Property("home")} to a folder that does not exist yet.");
        }
    }

    /// <summary>The topmost folder on the way to a path, itself included, in which another user could replace an entry; null when there is none.</summary>
    public static string? FindForeign(string path)
    {
        var above = Path.GetDirectoryName(path);
        return above is null || FindForeign(above) is not { } foreign ? IsSafe(path) ? null : path : foreign;
    }

    public static string Describe(string path) => FindOther(path) is not { } other
        ? $"\"{path}\" can be written by everybody"
        : $"\"{path}\" belongs to another user (of number {other}), who can change what is run of it and written to it";

    public static bool IsOwn(string path) => Belongs(path) && !CanOthersWrite(path);

    /// <remarks>Where the sticky bit is set, as in /tmp, users cannot remove each other's files.</remarks>
    private static bool IsSafe(string path) => Belongs(path) && (!CanOthersWrite(path) || File.GetUnixFileMode(path).HasFlag(UnixFileMode.StickyBit));

    private static bool CanOthersWrite(string path) => File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite);

    private static bool Belongs(string path) => FindOther(path) is null;

    /// <summary>The other user who owns the path or a link on the way to it; null when there is none.</summary>
    private static uint? FindOther(string path) =>
        LinkChain.Of(path).Select(Ownership.OwnerOf).Where(owner => owner != 0 && owner != Ownership.Self()).Cast<uint?>().FirstOrDefault();
}
