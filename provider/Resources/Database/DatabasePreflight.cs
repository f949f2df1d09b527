using System.Globalization;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Resources.Instances;

namespace PgFleet.Resources.Database;

/// <summary>
/// Checks a planned database. Refuses what cannot change during this run: versions, extension files, a name that is
/// taken. A missing owner or template may be created by another resource first, so these are warnings.
/// </summary>
/// <param name="servers">The fleet's servers.</param>
/// <param name="databasesOf">Returns the databases of the server of a name.</param>
/// <param name="isFreed">True if the database that has the name now is the replaced one, which is deleted first.</param>
/// <param name="isProof">True if another database is dropped first unless this refuses: then a server that cannot be checked refuses too.</param>
internal sealed class DatabasePreflight(IServerDirectory servers, Func<string, IDatabases> databasesOf, bool isFreed, bool isProof)
{
    public async Task<IReadOnlyList<Problem>> RunAsync(DatabaseArgs? prior, DatabaseArgs planned, CancellationToken cancel)
    {
        try
        {
            return await CheckAsync(prior, planned, cancel);
        }
        catch (ResourceFailure failure)
        {
            return [new("instance", $"Instance \"{planned.Instance}\" cannot be looked at, so the plan is not proven. {failure.Text}", Refuses: isProof)];
        }
    }

    private async Task<List<Problem>> CheckAsync(DatabaseArgs? prior, DatabaseArgs planned, CancellationToken cancel)
    {
        if (await servers.FindAsync(planned.Instance, cancel) is not { } server)
        {
            return [new("instance", InstanceReferences.Missing(planned.Instance).Text)];
        }

        var problems = OfVersion(planned, server.Version).ToList();
        if (server.Status is ServerStatus.Available)
        {
            var facts = await databasesOf(planned.Instance).ReadFactsAsync(DatabaseValues.SpecOf(planned, server.Username), cancel);
            problems.AddRange([.. OfNames(prior, planned, facts), .. OfExtensions(prior, planned, facts)]);
        }
        else
        {
            // A connection would start a stopped server, and a preview changes nothing.
            problems.Add(new("instance", InstanceReferences.NotAvailable(server).Text, Refuses: isProof || (prior is null && server.Status is ServerStatus.Lost)));
            if (server is ManagedServer managed && !managed.Spec.Parameters.ContainsKey("extension_control_path"))
            {
                problems.AddRange(await OfFilesAsync(servers, prior, planned, Major(server.Version), cancel));
            }
        }

        return problems;
    }

    /// <summary>Checks the extension files on disk, for a server that does not run, or not yet. A null <paramref name="version"/>: the newest.</summary>
    public static async Task<IEnumerable<Problem>> OfFilesAsync(IServerDirectory servers, DatabaseArgs? prior, DatabaseArgs planned, string? version, CancellationToken cancel)
    {
        var wanted = (planned.Extensions?.Keys ?? []).Except(prior?.Extensions?.Keys ?? []).ToList();
        return wanted.Count == 0 || await servers.FindExtensionFilesAsync(version, cancel) is not { } files ? []
            : wanted.Where(name => !files.Contains(name)).Select(name => new Problem(
                $"extensions[\"{name}\"]", $"\"{name}\" is not available: {(version is null ? "PostgreSQL" : $"PostgreSQL {version}")} on this machine has no such extension. Correct the name, install its package, or leave it out."));
    }

    private static string Major(string version) => string.Concat(version.TakeWhile(char.IsAsciiDigit));

    private static IEnumerable<Problem> OfVersion(DatabaseArgs planned, string version)
    {
        var major = int.Parse(Major(version), CultureInfo.InvariantCulture);
        return from option in new (string Name, bool Asked, int Since)[]
               {
                   ("localeProvider", planned.LocaleProvider is "icu", 15),
                   ("localeProvider", planned.LocaleProvider is "builtin", 17),
                   ("icuRules", planned.IcuRules is not null, 16),
                   ("builtinLocale", planned.BuiltinLocale is not null, 17),
               }
               where option.Asked && major < option.Since
               select new Problem(
                   option.Name, $"needs PostgreSQL {option.Since} or later, and instance \"{planned.Instance}\" runs {version}: leave it out, or use another instance.");
    }

    private IEnumerable<Problem> OfNames(DatabaseArgs? prior, DatabaseArgs planned, CreateFacts facts)
    {
        // The id of an existing database does not change: a changed id is a replacement, which has no prior.
        var isOwn = isFreed || prior is not null;
        if (!isOwn && facts.Namesake is { HalfDropped: false, Unclaimed: false })
        {
            yield return new("name", $"Database \"{planned.Name}\" exists already on instance \"{planned.Instance}\". {Import.Of(planned)}");
        }

        if (planned.Owner is { } owner && !facts.OwnerExists)
        {
            yield return new("owner", $"Role \"{owner}\" does not exist on instance \"{planned.Instance}\": create it first, or name another owner.", Refuses: false);
        }

        if (!isOwn && planned.Template is { } template && facts.Template is null)
        {
            yield return new(
                "template", $"Database \"{template}\" does not exist on instance \"{planned.Instance}\": create it first, or name another template.", Refuses: false);
        }
    }

    private static IEnumerable<Problem> OfExtensions(DatabaseArgs? prior, DatabaseArgs planned, CreateFacts facts)
    {
        foreach (var (name, wanted) in planned.Extensions?.Where(extension => prior?.Extensions?.GetValueOrDefault(extension.Key) != extension.Value) ?? [])
        {
            var path = $"extensions[\"{name}\"]";
            if (!facts.Versions.Contains(name))
            {
                yield return new(
                    path, $"\"{name}\" is not available on instance \"{planned.Instance}\": install its package on the server's machine, or leave it out.");
            }
            else if (wanted.Version is { } version && !facts.Versions[name].Contains(version))
            {
                var offer = string.Join(", ", facts.Versions[name].Order(StringComparer.Ordinal));
                yield return new($"{path}.version", $"\"{version}\" is not available: write one of {offer}, or leave it out.");
            }
        }
    }
}
