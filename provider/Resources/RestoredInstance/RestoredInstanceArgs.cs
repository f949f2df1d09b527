using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Schema.Types;
using PgFleet.Security;

namespace PgFleet.Resources.RestoredInstance;

internal sealed record RestoredInstanceArgs : InstanceArgs
{
    [Description("The id of the instance whose past is restored. It is only read, whatever its state: running, stopped, with its data lost, or deleted, as long as its archive is kept. Where several have borne the name, the one that is there is meant, and else the one whose window holds the instant; name@ and the beginning of an identity, as \"pgfleet list --deleted\" shows it, means that one. A change replaces the restored server; that the source is being made anew does not.")]
    [Replaces(WhenUnknown = false)]
    [Pattern("[a-z0-9_]{3,16}(@[0-9a-f-]{4,36})?", "write the id of an instance: 3 to 16 lower-case letters, digits and underscores; of a deleted one also its identity, such as main@0f8fad5b")]
    public required string SourceInstance { get; init; }

    [Description("The instant to restore, as RFC 3339 with a zone, or \"latest\". Every transaction that was committed up to it is there, and none that was committed later; fractions beyond microseconds are cut. It has to lie in the source's recovery window when the restore is made, and is not judged again. A change replaces the restored server; another spelling of the same instant is none.")]
    [Replaces]
    public required RestoreTime RestoreTime { get; init; }

    [Description("A new password for the user: 8 to 128 characters, none of them /, \", @, ' or white space. Left out, the user has the password that the source has today, if it answers, and else the one of that instant. A change sets it in place.")]
    [Pattern("[^/\"@'\\s]{8,128}", "use 8 to 128 characters, none of them /, \", @, ' or white space")]
    public Secret? Password { get; init; }

    [Description("Refuses to destroy or replace the server while true. Turning it off is an update of its own.")]
    [JsonPropertyOrder(1), DefaultValue(false), Protects]
    public bool? DeletionProtection { get; init; }
}
