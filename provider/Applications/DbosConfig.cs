using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PgFleet.Failures;
using PgFleet.Security;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PgFleet.Applications;

/// <summary>
/// The settings of an application's dbos-config.yaml that matter here, in any version of the SDK. The deploy determines where the database is,
/// so hostname, port, username, password and local_suffix are ignored, and any other key is permitted.
/// </summary>
internal sealed partial record DbosConfig
{
    public const string FileName = "dbos-config.yaml";

    /// <summary>Shorter values are ordinary words and numbers, whose masking would make a command's output unreadable.</summary>
    private const int ShortestSecret = 8;

    /// <summary>The name of the application's database.</summary>
    public required string Database { get; init; }

    /// <summary>Shell commands, in order.</summary>
    public required ImmutableArray<string> Migrate { get; init; }

    /// <summary>Warnings for the user about a file that can be used.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>The values of environment variables that the file refers to, if they are long enough to be passwords: masked in commands' output.</summary>
    public required ImmutableArray<Secret> Secrets { get; init; }

    /// <param name="folder">The folder that holds the file.</param>
    /// <param name="application">The application's name, from which the database's name is derived where the file sets none.</param>
    /// <param name="environment">Returns the value of an environment variable; null: not set.</param>
    /// <exception cref="ResourceFailure">The file is missing, or something in it cannot be used.</exception>
    public static DbosConfig Read(string folder, string application, Func<string, string?> environment)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return Parse(File.ReadAllText(path), application, environment);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(folder);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new ResourceFailure(FailureKind.Denied, $"\"{path}\" cannot be read: {refused.Message}", "Make it readable.", refused);
        }
    }

    public static DbosConfig Parse(string text, string application, Func<string, string?> environment)
    {
        var interpolation = new Interpolation(environment);
        var root = Root(interpolation.Replace(text), new Redaction(interpolation.Values));
        var database = Find(root, "database");
        var section = database is null or YamlScalarNode { Value: null or "" } ? null : database as YamlMappingNode ?? throw Wrong(database, "database", "is not a mapping: write keys below it.");
        return new()
        {
            Database = DatabaseOf(section, application),
            Migrate = [.. Commands(section)],
            Secrets = [.. interpolation.Values.Where(value => value.Reveal().Length >= ShortestSecret)],
            Warnings = [.. Warn(interpolation, root, section, application)],
        };
    }

    public static ResourceFailure Missing(string folder) =>
        new(FailureKind.Missing, $"There is no {FileName} in \"{folder}\".", $"Write the path of the application's folder, or add the file to it; it must be no link, and {IgnoreRules.FileName} must not name it.");

    /// <summary>The SDK's rule for deriving the database's name from the application's.</summary>
    public static string DatabaseOf(string application)
    {
        var name = application.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        return char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }

    private static YamlMappingNode? Root(string text, Redaction redaction)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Select(document => document.RootNode).FirstOrDefault() switch
            {
                null or YamlScalarNode { Value: null or "" } => null,
                YamlMappingNode mapping => mapping,
                var other => throw Wrong(other, "", "is not a mapping: write name and database."),
            };
        }
        catch (YamlException broken)
        {
            throw new ResourceFailure(FailureKind.Refused, $"{FileName}:{broken.Start.Line}: is no YAML: {redaction.Apply(broken.Message)}", "Correct it there.");
        }
    }

    private static string DatabaseOf(YamlMappingNode? section, string application)
    {
        if (Find(section, "app_db_name") is not { } given || given is YamlScalarNode { Value: null or "" })
        {
            return DatabaseOf(application);
        }
        var name = (given as YamlScalarNode)?.Value ?? throw Wrong(given, "database.app_db_name", "is not a text: write the database's name.");
        return Name().IsMatch(name)
            ? name
            : throw Wrong(given, "database.app_db_name", $"specifies invalid app_db_name \"{name}\". Must be between 1 and 63 characters long and contain only lowercase letters, underscores, and digits (cannot begin with a digit).");
    }

    private static IEnumerable<string> Commands(YamlMappingNode? section)
    {
        switch (Find(section, "migrate"))
        {
            case null or YamlScalarNode { Value: null or "" }:
                return [];
            case YamlSequenceNode list:
                return list.Select((item, i) => item is YamlScalarNode { Value.Length: > 0 } command
                    ? Interpolation.Restore(command.Value)
                    : throw Wrong(item, $"database.migrate[{i}]", "is not a text: write a command for the shell."));
            case var other:
                throw Wrong(other, "database.migrate", "is not a list: write one command a line, each after a dash.");
        }
    }

    private static IEnumerable<string> Warn(Interpolation interpolation, YamlMappingNode? root, YamlMappingNode? section, string application)
    {
        if (interpolation.Missing.ToList() is { Count: > 0 } missing)
        {
            yield return $"{FileName} names variables that the environment does not have; nothing stands in their place: {string.Join(", ", missing)}.";
        }
        if (Find(section, "app_db_name") is null && (Find(root, "name") as YamlScalarNode)?.Value is { Length: > 0 } name && DatabaseOf(name) != DatabaseOf(application))
        {
            yield return $"{FileName} says that the application's name is \"{name}\", so that a migration run by hand looks for the database \"{DatabaseOf(name)}\"; deployed it is \"{DatabaseOf(application)}\". Set database.app_db_name to be sure.";
        }
    }

    private static YamlNode? Find(YamlMappingNode? mapping, string key) =>
        mapping is not null && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static ResourceFailure Wrong(YamlNode node, string key, string reason) =>
        new(FailureKind.Refused, $"{FileName}:{node.Start.Line}: {(key.Length == 0 ? "it" : key)} {reason}", $"See \"dbos-config.yaml\" in the page of {Term.Resource("Application")}.");

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex Name();
}
