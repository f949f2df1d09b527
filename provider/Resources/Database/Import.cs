using PgFleet.Failures;

namespace PgFleet.Resources.Database;

/// <summary>Tells the user how to import an existing database: a create never adopts one.</summary>
internal static class Import
{
    public static Message Of(DatabaseArgs args) =>
        $"If it is the one meant, run: {Term.Import("Database", args.Name!, $"{args.Instance}/{args.Name}")}. Otherwise choose another name.";
}
