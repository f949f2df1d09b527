namespace PgFleet.Postgres;

/// <summary>One installation of PostgreSQL's programs.</summary>
/// <param name="BinDirectory">The folder of the programs.</param>
/// <param name="Version">Such as 15.18; the minor is 0 for a development version.</param>
internal sealed record Installation(string BinDirectory, Version Version)
{
    public string Major => $"{Version.Major}";

    public string Program(string name) => Path.Combine(BinDirectory, name);
}
