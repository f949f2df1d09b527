namespace PgFleet.Protocol;

/// <summary>PostgreSQL's own programs in a folder where initdb waits before it works, so that a test can stop a creation half-way.</summary>
internal sealed class SlowPrograms : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pgf-bin-");

    public SlowPrograms(int seconds)
    {
        var real = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        foreach (var program in Directory.GetFiles(real))
        {
            File.CreateSymbolicLink(Path.Combine(Folder, Path.GetFileName(program)), program);
        }
        var initdb = Path.Combine(Folder, "initdb");
        File.Delete(initdb);
        File.WriteAllText(initdb, $"#!/bin/sh\nsleep {seconds}\nexec {real}/initdb \"$@\"\n");
        File.SetUnixFileMode(initdb, (UnixFileMode)0b111_101_101);
    }

    public string Folder => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
