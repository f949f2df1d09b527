using System.Collections.Immutable;
using MiniEngine;
using MiniEngine.State;
using MiniEngine.Values;
using PgFleet.Histories.Places;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>An invariant was violated.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// The losses that a preview announced. It must show the very resource whose state refers to a thing as deleted or replaced; creating
/// something of the same name does not count.
/// </summary>
internal sealed record Announced(ImmutableHashSet<string> Going, ImmutableHashSet<string> OldGoing)
{
    public static Announced Nothing { get; } = new([], []);

    public static Announced By(StackResult preview) => new(
        [
            .. Shown(preview, Op.Delete, Op.CreateReplacement),
            // An import in place of an existing resource deletes that one.
            .. Shown(preview, Op.Import).Intersect(Shown(preview, Op.DeleteReplaced)),
            // What a replacement deletes with it, and no program declares any more, is not created again.
            .. Shown(preview, Op.DeleteReplaced).Except(Shown(preview, [.. Enum.GetValues<Op>().Where(op => op != Op.DeleteReplaced)])),
        ],
        [.. Shown(preview, Op.Delete, Op.DeleteReplaced)]);

    /// <summary>A destroy announces everything.</summary>
    public static Announced All(IEnumerable<ResourceState> recorded) => new([.. recorded.Select(resource => $"{resource.Urn}")], [.. recorded.Select(resource => $"{resource.Urn}")]);

    /// <summary>Only the latest record of a thing counts; one that waits for its deletion or its replacement is older.</summary>
    public bool Has(string identity, ImmutableArray<ResourceState> recorded)
    {
        var meant = recorded.Where(resource => Oracle.IdentityOf(resource) == identity).ToLookup(Oracle.IsCurrent);
        return meant[true].Any() ? meant[true].Any(resource => Going.Contains($"{resource.Urn}")) : meant[false].Any(resource => OldGoing.Contains($"{resource.Urn}") || Going.Contains($"{resource.Urn}"));
    }

    private static IEnumerable<string> Shown(StackResult preview, params Op[] ops) => preview.Steps.Where(step => ops.Contains(step.Op)).Select(step => $"{step.Urn}");
}

/// <summary>The invariants after every run.</summary>
internal static class Oracle
{
    public static string? IdentityOf(ResourceState resource) => (resource.Outputs["identity"]?.Bare as Text)?.Content;

    public static bool IsCurrent(ResourceState resource) => resource is { Delete: false, PendingReplacement: false };

    /// <summary>Nothing is lost that was not announced, and protected servers always exist.</summary>
    /// <param name="recorded">The state before the run.</param>
    public static void NothingIsLost(Sight before, Sight after, Announced announced, ImmutableArray<ResourceState> recorded)
    {
        foreach (var server in before.Servers.Values.Where(server => server.Finished && after.IdentityOf(server.Name) != server.Identity))
        {
            Require(!server.Protected, $"The server \"{server.Name}\" was protected, and is gone.");
            Require(announced.Has(server.Identity, recorded), $"The server \"{server.Name}\" is gone, and nothing had announced it.");
        }
        foreach (var (server, database) in before.Databases)
        {
            var now = after.Servers.GetValueOrDefault(server.Name)?.Databases.GetValueOrDefault(database.Name);
            Require(
                (now?.Identity == database.Identity && database.Rows.IsSubsetOf(now.Rows)) || announced.Has(database.Identity, recorded) || announced.Has(server.Identity, recorded),
                $"The database \"{server.Name}/{database.Name}\" is {(now is null ? "gone" : "another or has lost rows")}, and nothing had announced it.");
        }
    }

    /// <summary>Others' servers are unchanged, except one that replaced the state's own and that an update has taken over.</summary>
    /// <param name="recorded">The state before the run.</param>
    public static void OthersAreUntouched(Sight before, Sight after, ImmutableArray<ResourceState> recorded)
    {
        foreach (var server in before.Servers.Values.Where(server => !IsOwn(server) && !recorded.Any(resource => IsCurrent(resource) && resource.Id == server.Name)))
        {
            Require(
                after.Servers.GetValueOrDefault(server.Name) is { } now && now with { Databases = server.Databases } == server,
                $"The server \"{server.Name}\" of {server.Urn ?? "somebody"} was touched.");
        }
    }

    /// <summary>Everything declared is what the state says it is.</summary>
    public static void AllIsThere(StackProgram program, ImmutableArray<ResourceState> recorded, Sight sight)
    {
        foreach (var declared in program.Resources)
        {
            var entries = recorded.Where(resource => $"{resource.Urn}" == declared.Urn).ToList();
            Require(entries.Count == 1 && IsCurrent(entries[0]) && entries[0].InitErrors is [], $"\"{declared.Key}\" is declared, and the state does not have it once and finished.");
            Require(declared.Name is null || entries[0].Id.Split('/')[^1] == declared.Name, $"\"{declared.Key}\" is declared as \"{declared.Name}\" and recorded as \"{entries[0].Id}\".");
            Require(sight.IdentityOf(entries[0].Id) is { } there && there == IdentityOf(entries[0]), $"\"{declared.Key}\" is recorded as \"{entries[0].Id}\" {IdentityOf(entries[0])}, and that is not there.");
        }
    }

    /// <summary>What the state does not know of, and ought to. A server that bears a resource's id was made by hand, and its taking over was broken off: the next update goes on with it.</summary>
    public static ImmutableArray<string> Orphans(Sight before, Sight after, ImmutableArray<ResourceState> recorded)
    {
        var known = recorded.Select(IdentityOf).ToHashSet();
        var ids = recorded.Where(IsCurrent).Select(resource => resource.Id).ToHashSet();
        var databases = before.Databases.Select(there => there.Database.Identity).ToHashSet();
        return
        [
            .. after.Servers.Values.Where(server => IsOwn(server) && !known.Contains(server.Identity) && !ids.Contains(server.Name)).Select(server => server.Identity),
            .. after.Databases.Where(there => !there.Database.Unclaimed && !known.Contains(there.Database.Identity) && !databases.Contains(there.Database.Identity)).Select(there => there.Database.Identity),
        ];
    }

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ViolationException(otherwise);
        }
    }

    private static bool IsOwn(SeenServer server) => server.Urn?.StartsWith(StackProgram.Stack, StringComparison.Ordinal) == true;
}
