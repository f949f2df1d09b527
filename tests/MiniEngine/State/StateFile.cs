using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MiniEngine.State;

/// <summary>The state of one stack, in <c>.pulumi-mini</c> beside Pulumi.yaml.</summary>
internal sealed class StateFile(string folder, string stack, Vault vault)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Cached, because new options make all of the serializer's metadata anew.</summary>
    private static readonly ConditionalWeakTable<Vault, JsonSerializerOptions> Forms = [];

    private readonly JsonSerializerOptions options = Forms.GetValue(vault, key => new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UrnConverter(), new MapConverter(key) },
    });

    private string File => Path.Combine(folder, ".pulumi-mini", $"{stack}.json");

    /// <summary>Locks the state for a run; the lock ends with the process.</summary>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        try
        {
            return new FileStream(Path.ChangeExtension(File, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new UserException($"Another run holds the stack \"{stack}\". Wait for its end.");
        }
    }

    public StackState Load()
    {
        if (!System.IO.File.Exists(File))
            return new();
        using var stream = System.IO.File.OpenRead(File);
        var state = JsonSerializer.Deserialize<StackState>(stream, options) ?? new();
        return state.Format == 1 ? state : throw new UserException($"\"{File}\" is of the format {state.Format}. A newer MiniEngine reads it.");
    }

    public void Save(StackState state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var aside = File + ".new";
        var writing = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            writing.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(aside, writing))
        {
            JsonSerializer.Serialize(stream, state, options);
            stream.Flush(flushToDisk: true);
        }
        System.IO.File.Move(aside, File, overwrite: true);
    }
}
