namespace PgFleet.Failures;

/// <summary>Spells declared names as the users of one front end write them.</summary>
internal interface ITerms
{
    string Property(string path);

    string Resource(string name);

    string Function(string name);

    /// <summary>
    /// Spells an import command. <paramref name="name"/>, the resource's name in the program, and its <paramref name="id"/> are quoted for a shell.
    /// </summary>
    string Import(string resource, string name, string id);
}
