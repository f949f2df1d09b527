namespace PgFleet.Failures;

/// <summary>The names as they are declared: Pulumi's, the command line's and the log's.</summary>
internal sealed class DeclaredTerms : ITerms
{
    public static readonly DeclaredTerms Instance = new();

    public string Property(string path) => path;

    public string Resource(string name) => name;

    public string Function(string name) => name;

    public string Import(string resource, string name, string id) => $"pulumi import pgfleet:index:{resource} {name} {id}";
}
