namespace PgFleet.Protocol;

/// <summary>PostgreSQL's programs in a folder where initdb waits first, so that a test can stop a creation half-way.</summary>
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
        // A link to postgres would lead the provider to the real folder.
        Wrap("postgres", $"exec {real}/postgres \"$@\"");
        Wrap("initdb", $"sleep {seconds}\nexec {real}/initdb \"$@\"");
    }

    public string Folder => folder.FullName;

    private void Wrap(string program, string script)
    {
        var path = Path.Combine(Folder, program);
        File.Delete(path);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
