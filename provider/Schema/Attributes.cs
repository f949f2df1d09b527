namespace PgFleet.Schema;

/// <summary>A required input that may be absent from a state: a secret cannot be read back when a resource is imported.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RequiredInputAttribute : Attribute;

/// <summary>A change of this input replaces the resource.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReplacesAttribute : Attribute
{
    /// <summary>False: a value that is not known yet does not replace an existing resource, because the input matters only at creation.</summary>
    public bool WhenUnknown { get; init; } = true;
}

/// <summary>
/// The id of the resource that contains this one. If that is replaced under the same name, this resource is lost with it, although this input does not change.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ContainerAttribute : Attribute;

/// <summary>An optional input that the provider chooses when it is omitted, and then keeps.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalComputedAttribute : Attribute;

/// <summary>While this boolean input is true, as recorded or on the thing itself, the resource is neither destroyed nor replaced.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProtectsAttribute : Attribute;

/// <summary>The value of an output by which it shows that the resource is unfinished and holds no data yet: the next update completes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UnfinishedWhenAttribute(string value) : Attribute
{
    public string Value => value;
}

/// <summary>An input that Check derives from the resource's own name when it is omitted.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AutoNamedAttribute : Attribute;

/// <summary>
/// Two resources cannot hold the same values of a group's inputs at the same time. A replacement that changes none of the inputs that the user
/// set in a group deletes the old resource first.
/// </summary>
/// <param name="group">The name of the group; its inputs are exclusive in combination.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExclusiveAttribute(string group) : Attribute
{
    public string Group => group;
}

/// <summary>A map in which only the keys that the user wrote are managed; a removed key is reset.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PartiallyManagedAttribute : Attribute;

/// <summary>An output's only acceptable value: any other plans an update in place.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExpectedValueAttribute(string value) : Attribute
{
    public string Value => value;
}

/// <summary>
/// An output that is present only while the observed value differs from the recorded one in <paramref name="output"/>. It plans an update in
/// place, which removes it and determines the other output anew.
/// </summary>
/// <param name="output">The name of a property of the same record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FoundInsteadOfAttribute(string output) : Attribute
{
    public string Output => output;
}

/// <summary>An output that is unknown while one of these inputs changes, and kept otherwise; it is secret when one of them is.</summary>
/// <param name="inputs">The names of properties of the Args record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DependsOnAttribute(params string[] inputs) : Attribute
{
    public IReadOnlyList<string> Inputs => inputs;
}

/// <summary>
/// An output that is declared among the inputs: the provider computes it at plan time from the inputs and this machine's files, so that a plan
/// shows it and a change of the files is a change. The handler reads the planned value from the Args record. Nullable, because it is unknown while an input is.
/// </summary>
/// <param name="inputs">The names of properties of the Args record; the value is unknown while one of them is.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ComputedAtPlanAttribute(params string[] inputs) : Attribute
{
    public IReadOnlyList<string> Inputs => inputs;
}

/// <summary>The string matches; for a map, each key does; for a list, each item.</summary>
/// <param name="regex">The pattern that the whole string must match.</param>
/// <param name="advice">What to write instead, as the second half of a sentence: "use 3 to 16 …".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternAttribute(string regex, string advice) : Attribute
{
    public string Regex => regex;

    public string Advice => advice;
}

/// <summary>States written by an earlier version lack the input; there it has its default value.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedLaterAttribute : Attribute;

/// <summary>The string is none of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReservedAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names => names;
}

/// <summary>The string is one of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values => values;
}

/// <summary>The number lies between the two, inclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(int least, int most) : Attribute
{
    public int Least => least;

    public int Most => most;
}
