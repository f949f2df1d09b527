using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Security;

namespace PgFleet.Resources.LinkedInstance;

internal sealed record LinkedInstanceArgs
{
    [Description("The server's name in the fleet: 3 to 16 lower-case letters, digits and underscores. Left out, it is made of the resource's name. A change replaces the link; nothing on the server changes.")]
    [Replaces, OptionalComputed, AutoNamed, Exclusive("name")]
    [Pattern("[a-z0-9_]{3,16}", "use 3 to 16 lower-case letters, digits and underscores")]
    public string? Name { get; init; }

    [Description("The name or address at which the server is reached. It may change as long as the same server is behind it.")]
    [Pattern("[^\\s/,@?#]+", "write a host's name or IP address alone")]
    public required string Host { get; init; }

    [Description("The TCP port.")]
    [DefaultValue(5432), Between(1, 65535)]
    public int? Port { get; init; }

    [Description("The role that pgfleet logs in as. It has to be allowed to create databases, and roles if others than itself are to own them; it need not be a superuser.")]
    [Pattern("[^\\x00]+", "write a role's name")]
    public required string AdminUsername { get; init; }

    [Description("That role's password. A change tells pgfleet what to log in with, and changes nothing on the server.")]
    [RequiredInput]
    [Pattern("[^\\x00]+", "write the role's password")]
    public Secret? AdminPassword { get; init; }

    [Description("How TLS is used: verify-full checks that the server is the one that its certificate names, verify-ca only who signed the certificate, require encrypts and checks nothing, disable does without.")]
    [DefaultValue("verify-full"), OneOf("disable", "require", "verify-ca", "verify-full")]
    public string? SslMode { get; init; }

    [Description("The PEM certificates of the authorities that may have signed the server's, as text. Left out, it is those that this machine trusts.")]
    public string? CaCertificate { get; init; }
}
