namespace PgFleet.Schema;

/// <summary>The user must give it, though a state may lack it: a secret cannot be read back when a resource is imported.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RequiredInputAttribute : Attribute;

/// <summary>A change of this input means another resource.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReplacesAttribute : Attribute
{
    /// <summary>False where an existing resource does not care that the value is not known yet: what it was made from is history.</summary>
    public bool WhenUnknown { get; init; } = true;
}

/// <summary>The id of what the resource is in: where that is made anew under its old name, what was in it is gone, though this input stays the same.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ContainerAttribute : Attribute;

/// <summary>An optional input that the provider chooses when it is omitted, and then keeps.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalComputedAttribute : Attribute;

/// <summary>While this boolean input is true, as recorded or on the thing itself, the resource is neither destroyed nor replaced.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProtectsAttribute : Attribute;

/// <summary>The value of an output that says that the resource exists in part, and holds nothing yet: the next update makes the rest.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UnfinishedWhenAttribute(string value) : Attribute
{
    public string Value => value;
}

/// <summary>An omitted value is made of the resource's own name, in Check.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AutoNamedAttribute : Attribute;

/// <summary>
/// Two resources cannot hold the same values of a group's inputs at one time. A replacement that leaves every input of one group
/// as the user set it deletes the old resource first.
/// </summary>
/// <param name="group">Inputs of one group are exclusive together.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExclusiveAttribute(string group) : Attribute
{
    public string Group => group;
}

/// <summary>A map of which only the keys that the user wrote are managed; a key taken out is reset.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PartiallyManagedAttribute : Attribute;

/// <summary>An output's only good value: any other plans an update in place.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExpectedValueAttribute(string value) : Attribute
{
    public string Value => value;
}

/// <summary>
/// An output that is there only while the world holds another value than the one that is recorded in <paramref name="output"/>. It plans an update in
/// place, which ends it and settles the other anew.
/// </summary>
/// <param name="output">Name of a property of the same record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FoundInsteadOfAttribute(string output) : Attribute
{
    public string Output => output;
}

/// <summary>An output is unknown while one of these inputs changes, and kept otherwise; secret when one of them is.</summary>
/// <param name="inputs">Names of properties of the Args record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DependsOnAttribute(params string[] inputs) : Attribute
{
    public IReadOnlyList<string> Inputs => inputs;
}

/// <summary>
/// No input, though it stands among them: the provider derives it from the inputs and this machine's files when it plans, so that a plan shows it
/// and a change of the files is a change. The handler finds the planned value there. Nullable, because it is unknown while an input is.
/// </summary>
/// <param name="inputs">Names of properties of the Args record: the value is unknown while one of these is.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ComputedAtPlanAttribute(params string[] inputs) : Attribute
{
    public IReadOnlyList<string> Inputs => inputs;
}

/// <summary>The text matches; of a map, each key does; of a list, each item.</summary>
/// <param name="regex">The whole text must match it.</param>
/// <param name="advice">What to write instead, as the second half of a sentence: "use 3 to 16 …".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternAttribute(string regex, string advice) : Attribute
{
    public string Regex => regex;

    public string Advice => advice;
}

/// <summary>States of an earlier version lack the input, and mean its default.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedLaterAttribute : Attribute;

/// <summary>The text is none of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReservedAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names => names;
}

/// <summary>The text is one of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values => values;
}

/// <summary>The number lies between the two, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(int least, int most) : Attribute
{
    public int Least => least;

    public int Most => most;
}
