using System.Security.Cryptography;
using System.Text.Json;
using PgFleet.Platform;

namespace PgFleet.Fleet;

/// <summary>The random identity of a home, created with its first server and never changed.</summary>
internal sealed class FleetIdentity(Home home)
{
    private const int Format = 1;

    /// <summary>Returns the identity, creating it if necessary. Concurrent processes all get the same one.</summary>
    public string Ensure()
    {
        if (Find() is { } known)
        {
            return known;
        }
        home.Ensure();
        var created = new FleetFile(Format, $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{Environment.MachineName}:{home.Root}");
        DurableFile.TryCreate(home.Identity, JsonSerializer.Serialize(created, FleetJson.Default.FleetFile), Modes.Private);
        return Find()!;
    }

    /// <summary>Returns the identity; null if no server was ever created.</summary>
    public string? Find() => FormattedFile.Find(home.Identity, Format, FleetJson.Default.FleetFile)?.Id;
}
