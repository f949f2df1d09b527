using System.Collections.Immutable;
using PgFleet.Operations;

namespace PgFleet.Histories.Places;

/// <summary>A machine with servers, on which a history takes place.</summary>
internal interface IPlace : IAsyncDisposable
{
    /// <summary>Folders for archives and backups.</summary>
    ImmutableArray<string> Folders { get; }

    /// <summary>The services of one provider process.</summary>
    ProviderDefinition Compose(Faults faults);

    Task<Sight> ReadFactsAsync();

    /// <summary>Writes a row to every database.</summary>
    Task WriteRowAsync(string row);

    /// <summary>Creates by hand what a resource would create.</summary>
    Task MakeDatabaseAsync(string server, string database);

    Task DropDatabaseAsync(string server, string database);

    Task DeleteServerAsync(string server);

    /// <summary>Creates a server by hand. <paramref name="urn"/> is another stack's resource; null: Terraform's.</summary>
    Task MakeServerAsync(string server, string? urn);

    Task<DateTimeOffset> NowAsync();

    /// <summary>Saves everything; the result restores it. Null: not possible here.</summary>
    Action? Remember();
}
