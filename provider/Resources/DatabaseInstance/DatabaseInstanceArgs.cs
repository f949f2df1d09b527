using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.DatabaseInstance;

internal sealed record DatabaseInstanceArgs
{
    [Description("The server's name, unique in the fleet: 3 to 16 lower-case letters, digits and underscores. Left out, it is made of the resource's name. A change replaces the server.")]
    [Replaces, Chosen, AutoNamed, Exclusive("name")]
    [Pattern("[a-z0-9_]{3,16}", "use 3 to 16 lower-case letters, digits and underscores")]
    public string? Name { get; init; }

    [Description("The role that the user logs in with: 3 to 16 lower-case letters, digits and underscores, the first a letter. It may create databases, read and write all data, and is no superuser. A change renames the role in place.")]
    [Pattern("[a-z][a-z0-9_]{2,15}", "use 3 to 16 lower-case letters, digits and underscores, the first a letter")]
    [Reserved("dbosadmin", "dbos", "postgres", "admin")]
    public required string Username { get; init; }

    [Description("The user's password: 8 to 128 characters, none of them /, \", @, ' or white space. A change sets it in place.")]
    [RequiredInput, Secret]
    [Pattern("[^/\"@'\\s]{8,128}", "use 8 to 128 characters, none of them /, \", @, ' or white space")]
    public string? Password { get; init; }

    [Description("PostgreSQL's major version, such as \"15\". Left out, it is the newest found on the machine when the server is made, and stays.")]
    [Chosen]
    [Pattern("[1-9][0-9]", "write a major version, such as \"15\"")]
    public string? PostgresVersion { get; init; }

    [Description("The TCP port. Left out, a free one is chosen when the server is made, and stays. A change restarts the server.")]
    [Chosen, Exclusive("port"), Between(1024, 65535)]
    public int? Port { get; init; }

    [Description("The addresses of this machine that the server listens on. Anything beyond loopback needs clientNetworks. A change restarts the server.")]
    [DefaultValue(new[] { "127.0.0.1" })]
    public IReadOnlyList<string>? ListenAddresses { get; init; }

    [Description("The networks, as CIDR, whose clients may log in, always over TLS. Left out, clients on this machine alone may.")]
    public IReadOnlyList<string>? ClientNetworks { get; init; }

    [Description("Parameters of postgresql.conf by name, such as work_mem. Those that are left out keep PostgreSQL's default; those that pgfleet itself needs are refused. A change reloads or restarts the server, as the parameter demands.")]
    [Sparse]
    public IReadOnlyDictionary<string, Setting>? Parameters { get; init; }

    [Description("What is kept of the server so that a point in time can be restored.")]
    [DefaultValue("{}")]
    public BackupArgs? Backup { get; init; }

    [Description("Refuses to destroy or replace the server while true. Turning it off is an update of its own.")]
    [DefaultValue(true)]
    public bool? DeletionProtection { get; init; }
}
