using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed record DatabaseInstanceArgs : InstanceArgs
{
    [Description("The role that the user logs in with: 3 to 16 lower-case letters, digits and underscores, the first a letter. It may create databases, read and write all data, and is no superuser. A change renames the role in place.")]
    [Pattern("[a-z][a-z0-9_]{2,15}", "use 3 to 16 lower-case letters, digits and underscores, the first a letter")]
    [Reserved("dbosadmin", "dbos", "postgres", "admin")]
    public required string Username { get; init; }

    [Description("The user's password: 8 to 128 characters, none of them /, \", @, ' or white space. A change sets it in place.")]
    [RequiredInput]
    [Pattern("[^/\"@'\\s]{8,128}", "use 8 to 128 characters, none of them /, \", @, ' or white space")]
    public Secret? Password { get; init; }

    [Description("PostgreSQL's major version, such as \"15\". Left out, it is the newest found on the machine when the server is made, and stays.")]
    [OptionalComputed]
    [Pattern("[1-9][0-9]", "write a major version, such as \"15\"")]
    public string? PostgresVersion { get; init; }

    [Description("Refuses to destroy or replace the server while true. Turning it off is an update of its own.")]
    [JsonPropertyOrder(1), DefaultValue(true), Protects]
    public bool? DeletionProtection { get; init; }
}
