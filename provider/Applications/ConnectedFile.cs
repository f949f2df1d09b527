using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Security;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PgFleet.Applications;

/// <summary>How an application connects to its database.</summary>
/// <param name="Host">The server's host name or address.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Username">The role.</param>
/// <param name="Password">The password in clear; null: ${PGPASSWORD} is written instead.</param>
/// <param name="SslMode">libpq's sslmode.</param>
/// <param name="CaCertificate">PEM of the CAs that the server's certificate is verified against; empty: it is not verified.</param>
internal sealed record Connection(string Host, int Port, string Username, Secret? Password, string SslMode, string CaCertificate)
{
    public bool UsesTls => SslMode != "disable";

    /// <summary>True if the SDK verifies the certificate. It always checks the host name with it, which verify-ca does not ask for.</summary>
    public bool Verifies => CaCertificate.Length > 0 && SslMode != "verify-ca";
}

/// <summary>
/// Writes a server's connection into a dbos-config.yaml, and the CA certificates into a file beside it. Comments, order and all other keys
/// are preserved, and so are the file's mode and owner.
/// </summary>
internal static class ConnectedFile
{
    /// <summary>The certificate file, beside the configuration: the SDK reads it from the application's folder.</summary>
    public const string CaFile = "pgfleet-ca.crt";

    private const string Section = "database";

    /// <returns>The path of the backup copy; null when the file was already up to date and nothing was written.</returns>
    /// <exception cref="ResourceFailure">The file is missing, is not YAML, or is written in a form that cannot be edited safely.</exception>
    public static Task<string?> WriteAsync(string path, Connection connection, TimeProvider time) =>
        EnvironmentErrors.TranslateAsync(() => ReplaceAsync(path, connection, time));

    private static async Task<string?> ReplaceAsync(string path, Connection connection, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            throw new ResourceFailure(FailureKind.Refused, $"There is no file \"{path}\".", $"Run this in the application's folder, or name its {DbosConfig.FileName} with --file.");
        }
        var chain = LinkChain.Of(path);
        var target = chain[^1];
        var (place, name) = (Path.GetDirectoryName(target)!, Path.GetFileName(target));
        using var folder = new OthersFolder(place);
        using var file = folder.Open(name);
        RequireOwn(chain.SkipLast(1), target, file);
        var bytes = new byte[RandomAccess.GetLength(file)];
        await RandomAccess.ReadAsync(file, bytes, fileOffset: 0);
        var changed = Changed(path, bytes, connection);
        if (connection.Verifies)
        {
            using var application = new OthersFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            application.Replace(CaFile, Encoding.UTF8.GetBytes(connection.CaCertificate), Modes.Public, like: file);
        }
        if (changed.AsSpan().SequenceEqual(bytes))
        {
            return null;
        }
        var backup = $"{name}.{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)}.bak";
        var mode = File.GetUnixFileMode(file);
        folder.Create(backup, bytes, mode, like: file);
        folder.Replace(name, changed, connection.Password is null ? mode : Modes.Private, like: file);
        return Path.Combine(place, backup);
    }

    /// <summary>
    /// Refuses another user's link unless it leads to that user's own file: otherwise that user could make this one change a file that he cannot.
    /// </summary>
    private static void RequireOwn(IEnumerable<string> links, string target, SafeFileHandle file)
    {
        uint[] trusted = [0, Ownership.Self(), Ownership.OwnerOf(file)];
        if (links.FirstOrDefault(link => !trusted.Contains(Ownership.OwnerOf(link))) is { } foreign)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"\"{foreign}\" is a link of another user's, and leads to \"{target}\", which is not that user's.",
                "See who made it, and why. To change what it leads to, name that with --file.");
        }
    }

    private static byte[] Changed(string path, byte[] bytes, Connection connection)
    {
        try
        {
            var mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, mark, bytes.Length - mark);
            var settings = Settings(connection).ToList();
            var changed = new YamlEdit(text, Section).Set(settings);
            RequireNothingElse(text, changed, settings);
            return [.. bytes[..mark], .. Encoding.UTF8.GetBytes(changed)];
        }
        catch (YamlException broken)
        {
            throw new ResourceFailure(FailureKind.Refused, $"{path}:{broken.Start.Line}: is no YAML: {broken.Message}", "Correct it there.");
        }
        catch (DecoderFallbackException)
        {
            throw new ResourceFailure(FailureKind.Refused, $"\"{path}\" is not in UTF-8.", "Save it as UTF-8.");
        }
        catch (ResourceFailure failure)
        {
            throw new ResourceFailure(failure.Kind, $"\"{path}\" stays as it is.", failure.Text);
        }
    }

    /// <summary>The settings, in the order in which they are added.</summary>
    private static IEnumerable<YamlSetting> Settings(Connection connection)
    {
        yield return new("hostname", connection.Host, Quoted(connection.Host));
        yield return new("port", connection.Port.ToString(CultureInfo.InvariantCulture), connection.Port.ToString(CultureInfo.InvariantCulture), IsText: false);
        yield return new("username", connection.Username, Quoted(connection.Username));
        // In quotes, which a password never contains: the SDK substitutes the variable before it parses the YAML, so the value must not change the structure.
        var password = connection.Password?.Reveal() ?? "${PGPASSWORD}";
        yield return new("password", password, Quoted(password));
        yield return new("local_suffix", "false", "false", IsText: false, WhereThere: true);
        foreach (var setting in Tls(connection))
        {
            yield return setting;
        }
    }

    /// <remarks>Where ssl is not set, the SDK uses no TLS to this machine, and unverified TLS elsewhere; with ssl_ca it verifies.</remarks>
    private static IEnumerable<YamlSetting> Tls(Connection connection)
    {
        var uses = connection.UsesTls ? "true" : "false";
        var isDefault = connection.Verifies || connection.UsesTls != (connection.Host is "localhost" or "127.0.0.1");
        yield return new("ssl", uses, uses, IsText: false, WhereThere: isDefault);
        yield return connection.Verifies ? new("ssl_ca", CaFile, Quoted(CaFile)) : new("ssl_ca", "", "''", WhereThere: true);
    }

    private static string Quoted(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Verifies the edit, which works on text positions: parsed as YAML, nothing else may have changed.</summary>
    private static void RequireNothingElse(string before, string after, IReadOnlyList<YamlSetting> settings)
    {
        var (old, now) = (Root(before), Root(after));
        var section = (YamlMappingNode)now.Children[Section];
        var isSet = settings.All(setting => section.Children.TryGetValue(setting.Key, out var value) ? value is YamlScalarNode scalar && scalar.Value == setting.Value.Reveal() : setting.WhereThere);
        if (!isSet || !Without(old, settings).Equals(Without(now, settings)))
        {
            throw new ResourceFailure(FailureKind.Refused, "To set these keys would change others.", "Take anchors and repeated keys out of database:, then run again.");
        }
    }

    private static YamlMappingNode Root(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.FirstOrDefault()?.RootNode as YamlMappingNode ?? [];
    }

    private static YamlMappingNode Without(YamlMappingNode root, IReadOnlyList<YamlSetting> settings)
    {
        var rest = root.Children.Where(entry => !Equals(entry.Key, new YamlScalarNode(Section)));
        var section = root.Children.TryGetValue(Section, out var node) && node is YamlMappingNode mapping ? mapping : [];
        var kept = section.Children.Where(entry => settings.All(setting => !Equals(entry.Key, new YamlScalarNode(setting.Key))));
        return new([.. rest, new(Section, new YamlMappingNode([.. kept]))]);
    }
}
