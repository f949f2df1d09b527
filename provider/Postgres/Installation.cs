namespace PgFleet.Postgres;

/// <summary>One set of PostgreSQL's programs.</summary>
/// <param name="Version">Such as 15.18; a minor of 0 for a development version.</param>
internal sealed record Installation(string BinDirectory, Version Version)
{
    public string Major => $"{Version.Major}";

    public string Program(string name) => Path.Combine(BinDirectory, name);
}
