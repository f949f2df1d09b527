using System.Security.Cryptography;
using System.Text;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Helper;

/// <summary>
/// The copy of this program that servers call to archive, in a folder named by the hash of its contents. So servers continue to archive when the
/// provider is upgraded, moved or removed, and cannot change the program that they run.
/// </summary>
/// <param name="home">The fleet's home.</param>
/// <param name="source">The folder of the running program.</param>
internal sealed class HelperProgram(Home home, string source)
{
    private const string Name = "pgfleet";
    private const string Aside = ".new";

    /// <summary>File names the executable is installed under.</summary>
    private static readonly string[] Names = [Name, "pulumi-resource-pgfleet", "terraform-provider-pgfleet"];

    /// <summary>The name under which Terraform installs it: alone in its folder, with its version.</summary>
    private const string Released = "terraform-provider-pgfleet_v*";

    private readonly Lazy<IReadOnlyList<(string From, string To)>> files = new(() => Files(source));
    private readonly Lazy<string> hash = new(() => Hash(Files(source)));

    public string Path => System.IO.Path.Combine(Folder, Name);

    private string Folder => System.IO.Path.Combine(home.Programs, hash.Value);

    /// <exception cref="ResourceFailure">An existing copy, or a folder above it, can be changed by another user.</exception>
    public void Install()
    {
        if (Directory.Exists(Folder))
        {
            Trust.Require(home.Root, home.Root, home.Programs, Folder, Path);
            return;
        }
        home.Ensure();
        try
        {
            Publish($"{Folder}.{Guid.NewGuid():N}{Aside}");
        }
        catch (IOException) when (Directory.Exists(Folder)) // another process was first, and may have deleted this one's copy
        {
        }
        Posix.SyncDirectory(home.Programs);
        Sweep();
    }

    /// <summary>Copies the program. Other users cannot access it until it is complete, regardless of the umask.</summary>
    private void Publish(string aside)
    {
        Directory.CreateDirectory(aside, Modes.PrivateFolder);
        foreach (var (from, to) in files.Value)
        {
            Copy(from, System.IO.Path.Combine(aside, to));
        }
        foreach (var folder in Directory.EnumerateDirectories(aside, "*", SearchOption.AllDirectories).Append(aside))
        {
            File.SetUnixFileMode(folder, Modes.Program);
        }
        Directory.Move(aside, Folder);
    }

    /// <summary>Deletes copies of processes that were killed or came second.</summary>
    private void Sweep()
    {
        foreach (var aside in Directory.EnumerateDirectories(home.Programs, $"{hash.Value}.*{Aside}"))
        {
            try
            {
                Directory.Delete(aside, recursive: true);
            }
            catch (IOException) // its owner is still writing, and deletes it itself when it comes second
            {
            }
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
        File.Copy(from, to);
        File.SetUnixFileMode(to, Modes.Program);
        using var copied = File.OpenHandle(to, access: FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(copied);
    }

    /// <remarks>A native program is a single file; one that needs the .NET runtime also needs the files around it.</remarks>
    private static IReadOnlyList<(string From, string To)> Files(string source)
    {
        var program = Names.Select(name => System.IO.Path.Combine(source, name)).FirstOrDefault(File.Exists)
            ?? Directory.EnumerateFiles(source, Released).FirstOrDefault()
            ?? throw new ResourceFailure(FailureKind.Missing, $"There is no \"{Name}\" in \"{source}\", which servers need in order to archive.", "Install pgfleet again.");
        var executable = (program, Name);
        return File.Exists(System.IO.Path.Combine(source, $"{Name}.dll"))
            ? [executable, .. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
                .Select(path => (From: path, To: System.IO.Path.GetRelativePath(source, path)))
                .Where(file => !Names.Contains(file.To)).OrderBy(file => file.To, StringComparer.Ordinal)]
            : [executable];
    }

    private static string Hash(IReadOnlyList<(string From, string To)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (from, to) in files)
        {
            using var content = File.OpenRead(from);
            hash.AppendData(Encoding.UTF8.GetBytes(to));
            hash.AppendData(SHA256.HashData(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
