using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Schema;
using PgFleet.Schema.Types;
using PgFleet.Security;

namespace PgFleet.Resources.Application;

internal sealed record ApplicationArgs
{
    [Description("The application's name, unique in the fleet: 3 to 30 lower-case letters, digits, dashes and underscores.")]
    [Replaces, Exclusive("name"), Pattern("[a-z0-9_-]{3,30}", "use 3 to 30 lower-case letters, digits, dashes and underscores")]
    public required string Name { get; init; }

    [Description("The folder that holds the application, with dbos-config.yaml in it. A relative path counts from where the program runs. Another content is deployed.")]
    public required FolderPath Directory { get; init; }

    [Description("The id of the instance that the application is bound to. A change deploys it there, in place; its database there is the one of the same name.")]
    [Container]
    [Pattern("[a-z0-9_]{3,16}", "write the id of an instance: 3 to 16 lower-case letters, digits and underscores")]
    public required string Instance { get; init; }

    [Description("A connection URI of the instance, from which `connectionUri` takes user, password and parameters. A change deploys nothing.")]
    public Secret? Connection { get; init; }

    [Description("The version to deploy again, out of what was kept of it. While it is set, the directory is not looked at.")]
    public string? PreviousVersion { get; init; }

    [Description("Texts by name. A change of any of them deploys the application again.")]
    public IReadOnlyDictionary<string, string>? Triggers { get; init; }

    [Description("A hash of what is deployed: of names, contents, symbolic links and what is executable.")]
    [JsonPropertyOrder(1), ComputedAtPlan(nameof(Name), nameof(Directory), nameof(PreviousVersion))]
    public string? SourceHash { get; init; }

    [Description("The application's database, as dbos-config.yaml names it or as it follows from the application's name. It stays what it is as long as the application is deployed.")]
    [JsonPropertyOrder(1), ComputedAtPlan(nameof(Name), nameof(Directory), nameof(PreviousVersion))]
    public string? Database { get; init; }
}
