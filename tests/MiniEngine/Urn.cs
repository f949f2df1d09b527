namespace MiniEngine;

/// <summary>The permanent name of a resource: <c>urn:pulumi:STACK::PROJECT::TYPE::NAME</c>.</summary>
internal sealed record Urn(string Stack, string Project, string Type, string Name)
{
    private const string Prefix = "urn:pulumi:";

    public static Urn Parse(string text)
    {
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split("::", 4) : [];
        return parts is [var stack, var project, var type, var name]
            ? new(stack, project, type, name)
            : throw new FormatException($"\"{text}\" is no URN.");
    }

    /// <summary>The package of the type: the part before its first colon.</summary>
    public string Package => Type.Split(':')[0];

    public override string ToString() => $"{Prefix}{Stack}::{Project}::{Type}::{Name}";
}
