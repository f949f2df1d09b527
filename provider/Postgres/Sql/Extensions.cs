using System.Collections.Immutable;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Manages the extensions of the connection's database. For use inside a transaction.</summary>
internal static class Extensions
{
    private const int MostDependants = 10;

    /// <summary>Objects outside the extensions $1 that depend on one of them or on a member of one.</summary>
    private const string Dependants = """
        with gone as (
            select 'pg_extension'::regclass::oid as classid, oid as objid from pg_extension where extname = any($1)
            union all
            select m.classid, m.objid from pg_depend m join pg_extension e on m.refclassid = 'pg_extension'::regclass and m.refobjid = e.oid
            where m.deptype = 'e' and e.extname = any($1))
        select distinct pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
        from pg_depend d
        where d.deptype = 'n' and (d.refclassid, d.refobjid) in (table gone) and (d.classid, d.objid) not in (table gone)
            and not exists (select from pg_depend part where (part.classid, part.objid) = (d.classid, d.objid)
                and part.deptype in ('a', 'i') and (part.refclassid, part.refobjid) in (table gone))
        order by 1
        """;

    public static async Task<ImmutableSortedDictionary<string, ExtensionSpec>> ListAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var found = await connection.ListAsync(
            "select e.extname::text, e.extversion, n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace",
            [],
            row => KeyValuePair.Create(row.GetString(0), new ExtensionSpec(row.GetString(1), row.GetString(2))),
            cancel);
        return found.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    public static async Task ApplyAsync(NpgsqlConnection connection, DatabaseSpec prior, DatabaseSpec planned, CancellationToken cancel)
    {
        var joined = await TemporaryMembership.GrantAsync(connection, [prior.Owner, planned.Owner], cancel);
        var there = await ListAsync(connection, cancel);
        if (prior.Extensions.Keys.Except(planned.Extensions.Keys).Intersect(there.Keys).ToArray() is { Length: > 0 } gone)
        {
            await DropAsync(connection, gone, cancel);
        }

        foreach (var name in await InOrderAsync(connection, [.. planned.Extensions.Keys], cancel))
        {
            await EnsureAsync(connection, name, there.GetValueOrDefault(name), planned.Extensions[name], planned.Owner, cancel);
        }

        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
    }

    private static async Task EnsureAsync(
        NpgsqlConnection connection, string name, ExtensionSpec? there, ExtensionSpec wanted, string owner, CancellationToken cancel)
    {
        if (wanted.Schema is { } schema && !await connection.ScalarAsync<bool>("select exists (select from pg_namespace where nspname = $1)", [schema], cancel))
        {
            // Owned by the database's owner: other roles could not use objects in a schema of the administrator's.
            await connection.ExecuteAsync("create schema %I authorization %I", [schema, owner], cancel);
        }

        if (there is null)
        {
            await CreateAsync(connection, name, wanted, cancel);
            return;
        }

        if (wanted.Version is { } version && version != there.Version)
        {
            await connection.ExecuteAsync("alter extension %I update to %L", [name, version], cancel);
        }

        if (wanted.Schema is { } target && target != there.Schema)
        {
            await MoveAsync(connection, name, there.Schema!, target, cancel);
        }
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string name, ExtensionSpec wanted, CancellationToken cancel)
    {
        // Without SCHEMA, an extension is created in the first schema of the search path; its script runs with a safe path.
        // Nothing else is looked up while public is on the path, because it may hold the owner's own functions.
        var format = "create extension %I" + (wanted.Schema is null ? "" : " schema %I") + (wanted.Version is null ? "" : " version %L") + " cascade";
        var create = await connection.FormatAsync(format, [.. new[] { name, wanted.Schema, wanted.Version }.OfType<string>()], cancel);
        await connection.ExecuteAsync("set local search_path to public", [], cancel);
        await connection.ExecuteAsync(create, [], cancel);
        await connection.ExecuteAsync("set local search_path to pg_catalog, pg_temp", [], cancel);
    }

    private static async Task MoveAsync(NpgsqlConnection connection, string name, string from, string to, CancellationToken cancel)
    {
        if (!await connection.ScalarAsync<bool>("select extrelocatable from pg_extension where extname = $1", [name], cancel))
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"Extension \"{name}\" stands in schema \"{from}\" and cannot be moved to \"{to}\": its author does not allow it.",
                $"Write \"{from}\", or take the extension out and put it back in a second change.");
        }

        await connection.ExecuteAsync("alter extension %I set schema %I", [name, to], cancel);
    }

    /// <summary>Drops all in one statement, so that extensions that depend on each other can be dropped together.</summary>
    private static async Task DropAsync(NpgsqlConnection connection, string[] names, CancellationToken cancel)
    {
        await connection.ExecuteAsync("savepoint before_drop", [], cancel);
        try
        {
            await connection.ExecuteAsync("drop extension " + string.Join(", ", names.Select(_ => "%I")), names, cancel);
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            await connection.ExecuteAsync("rollback to before_drop", [], cancel);
            throw Needed(names, await connection.ListAsync(Dependants, [names], row => row.GetString(0), cancel));
        }
    }

    private static ResourceFailure Needed(string[] names, List<string> by) => new(
        FailureKind.Conflict,
        $"Extensions are not dropped ({string.Join(", ", names.Select(name => $"\"{name}\""))}), since others depend on them: "
            + string.Join("; ", by.Take(MostDependants)) + (by.Count > MostDependants ? $"; and {by.Count - MostDependants} more." : "."),
        "Remove those with a migration first, or keep the extensions.");

    /// <summary>Sorts extensions after those they require, so that the required ones are created with the version and schema asked for.</summary>
    private static async Task<List<string>> InOrderAsync(NpgsqlConnection connection, List<string> names, CancellationToken cancel)
    {
        var requires = (await connection.ListAsync(
            "select distinct name::text, pg_catalog.unnest(requires)::text from pg_available_extension_versions where name = any($1)",
            [names.ToArray()],
            row => (Name: row.GetString(0), Needs: row.GetString(1)),
            cancel)).ToLookup(pair => pair.Name, pair => pair.Needs);
        var ordered = new List<string>();
        while (names.Count > 0)
        {
            var next = names.Find(name => !requires[name].Intersect(names).Any()) ?? names[0];
            names.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }
}
