using System.Collections.Immutable;
using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Postgres.Sql;

namespace PgFleet.Histories.Fakes;

/// <param name="Found">The database as in a catalogue; its owner is derived from the server, whose user may be renamed.</param>
internal sealed record FakeDatabase(FoundDatabase Found, ImmutableSortedSet<string> Rows);

/// <summary>A server's content at one moment. A physical copy continues the source's OIDs.</summary>
internal sealed record Contents(ImmutableSortedDictionary<string, FakeDatabase> Databases, uint NextOid)
{
    private const uint FirstOfUsers = 16384;

    /// <summary>The content of a new server.</summary>
    public static Contents New { get; } = SystemDatabases.Names
        .Select((name, index) => Made(new() { Name = name, Owner = "postgres" }, (uint)index + 1))
        .Aggregate(new Contents(ImmutableSortedDictionary.Create<string, FakeDatabase>(StringComparer.Ordinal), FirstOfUsers), (all, made) => all.With(made));

    public Contents With(FakeDatabase database) => this with { Databases = Databases.SetItem(database.Found.Spec.Name, database) };

    public Contents Add(DatabaseSpec spec) => With(Made(spec, NextOid)) with { NextOid = NextOid + 1 };

    public Contents Without(string name) => this with { Databases = Databases.Remove(name) };

    /// <summary>The content after a restore: databases may be taken over.</summary>
    public Contents Offered() => this with
    {
        Databases = Databases.ToImmutableSortedDictionary(
            item => item.Key,
            item => item.Value with { Found = item.Value.Found with { Unclaimed = !SystemDatabases.Is(item.Value.Found) } },
            StringComparer.Ordinal),
    };

    private static FakeDatabase Made(DatabaseSpec spec, uint oid) => new(
        new()
        {
            Oid = oid,
            Spec = spec with
            {
                Encoding = spec.Encoding ?? "UTF8",
                LocaleProvider = "libc",
                Locale = spec.Locale ?? "C.UTF-8",
                LcCollate = spec.LcCollate ?? spec.Locale ?? "C.UTF-8",
                LcCtype = spec.LcCtype ?? spec.Locale ?? "C.UTF-8",
                Template = null,
            },
            IsTemplate = spec.Name.StartsWith("template", StringComparison.Ordinal),
            HalfDropped = false,
            Unclaimed = false,
        },
        []);
}

/// <param name="Record">The record as the local engine would write it.</param>
/// <param name="Past">The contents with the times of their changes; the last is the current one.</param>
/// <param name="Deletion">The deletion; null for an existing server.</param>
internal sealed record FakeServer(ServerRecord Record, ImmutableList<(DateTimeOffset At, Contents Contents)> Past, DeletionRecord? Deletion = null)
{
    public Contents Contents => Past[^1].Contents;

    /// <summary>The last known instant of a deleted server.</summary>
    public DateTimeOffset? End => Deletion?.DeletedAt;

    public FakeServer Holding(Contents contents, DateTimeOffset now) => this with { Past = Past.Add((now, contents)) };

    public Contents At(DateTimeOffset instant) => Past.FindLast(moment => moment.At <= instant).Contents;

    public Restorable Restorable(Home home) => new(Record, home.Of(Record.Name), Deletion);

    /// <summary>The recovery window, from its first backup on.</summary>
    public RecoveryWindow Window(Home home, DateTimeOffset now) => new(
        Restorable(home).Title,
        Deletion is null ? now : null,
        [new(Past[0].At, End ?? now, null, null)],
        [new(Past[0].At, 1, null, true, null)],
        Restorable(home).Deleted);
}
