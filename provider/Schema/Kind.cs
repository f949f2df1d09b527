namespace PgFleet.Schema;

/// <summary>A property's wire type in both protocols.</summary>
internal enum Kind
{
    String,
    Integer,
    Number,
    Boolean,
    List,
    Map,

    /// <summary>A nested record: its property names are fixed, while a <see cref="Map"/>'s keys are the user's.</summary>
    Object,
}
