using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Resources.Application;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.LinkedInstance;
using PgFleet.Resources.RestoredInstance;
using PgFleet.Schema.Types;

namespace PgFleet.Tests.Security;

/// <summary>A record in a log, an exception's text or a failed assertion leaks no password.</summary>
public sealed class PrintingTests
{
    private const string Clear = "the-clear-text-5d1e";
    private const string Uri = $"postgresql://alice:{Clear}@db.example/shop";

    private static readonly ServerLink Link = new()
    {
        Name = "legacy",
        Host = "db.example",
        Port = 5432,
        AdminUsername = "master",
        AdminPassword = Clear,
        SslMode = "disable",
        CaCertificate = null,
    };

    public static TheoryData<string, object> Records() => new()
    {
        { "alice", new DatabaseInstanceArgs { Username = "alice", Password = Clear } },
        { "main", new RestoredInstanceArgs { SourceInstance = "main", RestoreTime = RestoreTime.Of(null), Password = Clear } },
        { "master", new LinkedInstanceArgs { Host = "db.example", AdminUsername = "master", AdminPassword = Clear } },
        { "shop", new ApplicationArgs { Name = "shop", Directory = FolderPath.Of("/srv/shop")!, Instance = "main", Connection = Uri } },
        { "shop", new DatabaseArgs { Instance = "main", Name = "shop", Connection = Uri, OnDelete = "refuse" } },
        { "fleet", new ApplicationOutputs { Version = "1", ConnectionUri = Uri, FleetId = "fleet" } },
        { "fleet", new DatabaseOutputs { ConnectionUri = Uri, FleetId = "fleet" } },
        { "fleet", new LinkedInstanceOutputs { Status = "available", ServerVersion = "15.18", ConnectionUri = Uri, FleetId = "fleet" } },
        { "main", new ServerSpec { Name = "main", Password = Clear, Backup = new(TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1)) } },
        { "legacy", Link },
        { "legacy", new LinkRecord { Format = 2, Link = Link, ServerVersion = "15.18", SystemIdentifier = null, LinkedAt = default } },
        { "alice", new Connection("db.example", 5432, "alice", Clear, "require", "") },
        { "alice", new Target(Uri, "db.example", "alice", 5432, Clear, "shop", "require", null) },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_prints_all_but_its_secrets(string plain, object record)
    {
        Assert.Contains(plain, $"{record}", StringComparison.Ordinal);
        Assert.Contains("[secret]", $"{record}", StringComparison.Ordinal);
        Assert.DoesNotContain(Clear, $"{record}", StringComparison.Ordinal);
    }
}
