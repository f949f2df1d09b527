using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Finds the operating system's own programs by full path.</summary>
/// <remarks>For a bare name, .NET searches the working directory before the PATH, so a user who can write there could run code as root.</remarks>
internal static class SystemPrograms
{
    /// <summary>The folders searched, in PATH syntax.</summary>
    public const string Folders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <exception cref="ResourceFailure">The program is not installed.</exception>
    public static string Find(string name) =>
        Folders.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ResourceFailure(FailureKind.Missing, $"There is no \"{name}\" in {Folders}.", "Install it (setsid and setpriv come with util-linux), then run this again.");
}
