using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PgFleet.Failures;

namespace PgFleet.Fleet;

/// <summary>Reads files that contain a format number.</summary>
internal static class FormattedFile
{
    /// <returns>The content; null when the file certainly does not exist.</returns>
    /// <exception cref="ResourceFailure">The file cannot be accessed, is damaged, or has a newer format.</exception>
    public static T? Find<T>(string path, int newest, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var text = File.ReadAllText(path);
            var format = JsonSerializer.Deserialize(text, FleetJson.Default.FormatOnly)!.Format;
            if (format > newest)
            {
                throw new ResourceFailure(
                    FailureKind.Refused,
                    $"\"{path}\" has format {format}, and this pgfleet reads up to {newest}.",
                    "Use the newer pgfleet that wrote it.");
            }
            return JsonSerializer.Deserialize(text, type);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new ResourceFailure(
                FailureKind.Denied, $"\"{path}\" may not be read by \"{Environment.UserName}\".", $"Run as the user that owns it, or set {Term.Property("home")} to a folder of your own.", denied);
        }
        catch (JsonException damaged)
        {
            throw new ResourceFailure(
                FailureKind.Unavailable, $"\"{path}\" is damaged: it is not the JSON that pgfleet writes.", "Restore it from a copy of the home.", damaged);
        }
    }
}
