namespace PgFleet.Failures;

/// <summary>How the users of one front write what is declared.</summary>
internal interface ITerms
{
    string Property(string path);

    string Resource(string name);

    string Function(string name);

    /// <param name="resource">As declared.</param>
    /// <param name="name">What the program may call it; a word of a shell.</param>
    /// <param name="id">By which it is found; a word of a shell.</param>
    string Import(string resource, string name, string id);
}
