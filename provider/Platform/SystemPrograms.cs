using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>The operating system's own programs, by their full paths.</summary>
/// <remarks>A bare name .NET looks for in the folder that this process works in, before it looks along the PATH: whoever may write there would be root.</remarks>
internal static class SystemPrograms
{
    /// <summary>As a PATH.</summary>
    public const string Folders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <exception cref="ResourceFailure">It is not installed.</exception>
    public static string Find(string name) =>
        Folders.Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ResourceFailure(FailureKind.Missing, $"There is no \"{name}\" in {Folders}.", "Install it (setsid and setpriv come with util-linux), then run this again.");
}
