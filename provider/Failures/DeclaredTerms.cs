namespace PgFleet.Failures;

/// <summary>Spells names as declared, for Pulumi, the command line and the log.</summary>
internal sealed class DeclaredTerms : ITerms
{
    public static readonly DeclaredTerms Instance = new();

    public string Property(string path) => path;

    public string Resource(string name) => name;

    public string Function(string name) => name;

    public string Import(string resource, string name, string id) => $"pulumi import pgfleet:index:{resource} {name} {id}";
}
