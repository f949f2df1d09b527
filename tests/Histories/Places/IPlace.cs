using System.Collections.Immutable;
using PgFleet.Operations;

namespace PgFleet.Histories.Places;

/// <summary>A machine with servers, on which a history takes place.</summary>
internal interface IPlace : IAsyncDisposable
{
    /// <summary>For archives and backups.</summary>
    ImmutableArray<string> Folders { get; }

    /// <summary>What one process of the provider serves.</summary>
    ProviderDefinition Compose(Faults faults);

    Task<Sight> LookAsync();

    /// <summary>People work with every database that is there.</summary>
    Task WriteRowAsync(string row);

    /// <summary>Somebody does by hand what a resource should do.</summary>
    Task MakeDatabaseAsync(string server, string database);

    Task DropDatabaseAsync(string server, string database);

    Task DeleteServerAsync(string server);

    /// <param name="urn">Another stack's resource; null: Terraform.</param>
    Task MakeServerAsync(string server, string? urn);

    Task<DateTimeOffset> NowAsync();

    /// <summary>Keeps all as it is, to be put back later; null: that cannot be done here.</summary>
    Action? Remember();
}
