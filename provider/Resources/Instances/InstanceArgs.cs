using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Instances;

/// <summary>The inputs of every managed server.</summary>
internal abstract record InstanceArgs
{
    [Description("The server's name, unique in the fleet: 3 to 16 lower-case letters, digits and underscores. Left out, it is made of the resource's name. A change replaces the server.")]
    [JsonPropertyOrder(-1), Replaces, OptionalComputed, AutoNamed, Exclusive("name")]
    [Pattern("[a-z0-9_]{3,16}", "use 3 to 16 lower-case letters, digits and underscores")]
    public string? Name { get; init; }

    [Description("The TCP port. Left out, a free one is chosen when the server is made, and stays. A change restarts the server.")]
    [OptionalComputed, Exclusive("port"), Between(1024, 65535)]
    public int? Port { get; init; }

    [Description("The addresses of this machine that the server listens on. Anything beyond loopback needs `clientNetworks`. A change restarts the server.")]
    [DefaultValue(new[] { "127.0.0.1" })]
    public IReadOnlyList<string>? ListenAddresses { get; init; }

    [Description("The networks, as CIDR, whose clients may log in, always over TLS. Left out, clients on this machine alone may.")]
    public IReadOnlyList<string>? ClientNetworks { get; init; }

    [Description("Parameters of postgresql.conf by name, such as work_mem. Those that are left out keep PostgreSQL's default; those that pgfleet itself needs are refused. A change reloads or restarts the server, as the parameter demands.")]
    [PartiallyManaged]
    public IReadOnlyDictionary<string, Setting>? Parameters { get; init; }

    [Description("What is kept of the server so that a point in time can be restored.")]
    [DefaultValue("{}")]
    public BackupArgs? Backup { get; init; }
}
