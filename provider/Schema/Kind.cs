namespace PgFleet.Schema;

/// <summary>How a property travels in both protocols.</summary>
internal enum Kind
{
    String,
    Integer,
    Number,
    Boolean,
    List,
    Map,

    /// <summary>A nested record: the names of its properties are fixed, where a <see cref="Map"/>'s keys are the user's.</summary>
    Object,
}
