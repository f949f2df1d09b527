using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>A stored file that contains the version of its format.</summary>
internal interface IFormatted
{
    int Format { get; }
}

/// <summary>Serializes the archive's JSON files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", Converters = [typeof(LsnJson), typeof(MessageConverter)])]
[JsonSerializable(typeof(ArchiveConfig))]
[JsonSerializable(typeof(ArchiveIdentity))]
[JsonSerializable(typeof(BaseBackup))]
[JsonSerializable(typeof(ArchiveReport))]
[JsonSerializable(typeof(RestorePoint))]
[JsonSerializable(typeof(WalNotes))]
[JsonSerializable(typeof(HelperFailure))]
[JsonSerializable(typeof(MessagePart[]))]
internal sealed partial class ArchiveJson : JsonSerializerContext
{
    /// <summary>The newest format of these files that this program can read.</summary>
    private const int NewestFormat = 1;

    /// <summary>The options for output to stdout.</summary>
    public static ArchiveJson OneLine => new(new JsonSerializerOptions(Default.Options) { WriteIndented = false });

    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : IFormatted
    {
        var file = Parse(path, type);
        return file.Format <= NewestFormat
            ? file
            : throw new ResourceFailure(
                Failures.FailureKind.Refused,
                $"\"{path}\" is written in format {file.Format}; this program reads formats up to {NewestFormat}.",
                "Use the newer pgfleet that wrote it.");
    }

    private static T Parse<T>(string path, JsonTypeInfo<T> type)
        where T : IFormatted
    {
        try
        {
            return Deserialize(File.ReadAllBytes(path), type);
        }
        catch (JsonException cause)
        {
            throw new ResourceFailure(Failures.FailureKind.Refused, $"\"{path}\" does not read: {cause.Message}", "Restore the file from a copy.", cause);
        }
        catch (IOException cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ResourceFailure(Failures.FailureKind.Missing, $"\"{path}\" does not exist.", "See that the disk it belongs on is mounted.", cause);
        }
    }

    private static T Deserialize<T>(byte[] json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null is no object.");
        }
        // Values that a converter rejects, such as a malformed WAL position.
        catch (Exception cause) when (cause is FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new JsonException(cause.Message, cause);
        }
    }
}
