using System.Globalization;
using System.Security.Cryptography;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>What to deploy, and where.</summary>
internal sealed record DeploySpec
{
    public required string Application { get; init; }

    /// <summary>The identity for an application that has no record yet; null: a new one.</summary>
    public required string? Identity { get; init; }

    /// <summary>The directory as the user wrote it.</summary>
    public required string Directory { get; init; }

    /// <summary>The version whose source is deployed; null: the directory's content.</summary>
    public required string? PreviousVersion { get; init; }

    /// <summary>The planned hash; null: there was no plan.</summary>
    public required string? SourceHash { get; init; }

    /// <summary>The user's secrets, masked in commands' output.</summary>
    public required IReadOnlyList<Secret> Secrets { get; init; }
}

/// <summary>Deploys an application to an instance: database, migrations, version. It is recorded only after everything has succeeded.</summary>
internal sealed class Deployment(ApplicationStore store, IAdministratorAccess administrator, IMigrationAccess access)
{
    /// <summary>Explains why the commands cannot run as the current or future owner of the application's database; null when they can.</summary>
    public async Task<ResourceFailure?> FindRefusalAsync(Server server, DbosConfig config, CancellationToken cancel) =>
        config.Migrate.IsEmpty ? null : await SessionsOn(server).ReadAsync(
            Sessions.Maintenance,
            $"look whom database \"{config.Database}\" belongs to",
            async connection =>
            {
                var owner = await Catalogue.FindAsync(connection, config.Database, cancel) is { HalfDropped: false } found ? found.Spec.Owner : server.Username;
                return await MigrationRole.RefusalAsync(connection, owner, config.Database, cancel);
            },
            cancel);

    /// <param name="spec">What to deploy.</param>
    /// <param name="server">The instance.</param>
    /// <param name="isNew">True if the application must not exist yet.</param>
    /// <param name="fleet">The fleet's identity.</param>
    /// <param name="touched">Called with the database's name and the application's identity once something has been created.</param>
    /// <param name="work">The operation.</param>
    public Task<ApplicationRecord> RunAsync(DeploySpec spec, Server server, bool isNew, string fleet, Action<string, Guid> touched, OperationContext work) =>
        EnvironmentErrors.TranslateAsync(() => DeployAsync(spec, server, isNew, fleet, touched, work));

    private async Task<ApplicationRecord> DeployAsync(DeploySpec spec, Server server, bool isNew, string fleet, Action<string, Guid> touched, OperationContext work)
    {
        using var applicationLock = await store.TakeAsync(spec.Application, "deployed", work.Cancel);
        var prior = store.Find(spec.Application);
        if (isNew && prior is not null)
        {
            throw Refusals.Taken(prior);
        }
        var identity = prior?.Identity ?? (Guid.TryParse(spec.Identity, out var begun) ? begun : Guid.NewGuid());
        try
        {
            var (folder, hash) = await SourceAsync(spec, prior, work.Cancel);
            work.Step("source kept");
            var config = DbosConfig.Read(folder, spec.Application, Environment.GetEnvironmentVariable);
            if ((Refusals.Renamed(prior, config.Database) ?? await FindRefusalAsync(server, config, work.Cancel)) is { } refusal)
            {
                throw refusal;
            }
            var database = await EnsureDatabaseAsync(server, config.Database, work);
            touched(config.Database, identity);
            work.Step("database ready");
            var authority = store.LayOutAuthority(spec.Application, server.CaCertificate, Environment.GetEnvironmentVariable(TargetEnvironment.NodeAuthorities));
            var migrations = new Migrations(
                spec.Application,
                server,
                access,
                SessionsOn(server),
                (role, password) => ConnectionUri.Of(server, role, password, config.Database),
                [.. spec.Secrets, .. config.Secrets],
                authority);
            var (ended, columns) = await migrations.RunAsync(database, config.Migrate, folder, fleet, work);
            RequireFit(spec, columns);
            var record = With(prior, identity, spec, server, config, new(Id(ended), ended, hash, server.Name));
            store.Write(record, columns.Names);
            return record;
        }
        finally
        {
            store.RemoveUnpacked(spec.Application);
        }
    }

    /// <summary>Returns the working directory of the commands, and the hash of its content.</summary>
    private async Task<(string Folder, string Hash)> SourceAsync(DeploySpec spec, ApplicationRecord? prior, CancellationToken cancel)
    {
        if (spec.PreviousVersion is { } id)
        {
            var version = prior?.Find(id) ?? throw Refusals.NoVersion(prior, spec.Application, id);
            return (await store.UnpackAsync(spec.Application, version, cancel), version.SourceHash);
        }
        var hash = await store.KeepAsync(spec.Application, new(spec.Directory), cancel);
        return spec.SourceHash is null || spec.SourceHash == hash
            ? (spec.Directory, hash)
            : throw new ResourceFailure(
                FailureKind.Refused, $"\"{spec.Directory}\" has changed since the preview.", $"Run again, and let nothing write there meanwhile; what a build writes belongs into {IgnoreRules.FileName}.");
    }

    /// <summary>Returns the database, creating it if necessary. An existing one is used as it is, regardless of who created it.</summary>
    private async Task<FoundDatabase> EnsureDatabaseAsync(Server server, string name, OperationContext work)
    {
        var databases = new Databases((database, cancel) => administrator.OpenAsync(server.Name, database, cancel));
        return await databases.FindAsync(name, work.Cancel)
            ?? await databases.CreateAsync(new() { Name = name, Owner = server.Username }, "Run again to use it.", work);
    }

    private Sessions SessionsOn(Server server) => new((database, cancel) => administrator.OpenAsync(server.Name, database, cancel), TimeProvider.System);

    /// <summary>Requires the columns that existed after the earlier version's own migrations, so that its code finds what it expects.</summary>
    private void RequireFit(DeploySpec spec, ColumnSnapshot columns)
    {
        if (spec.PreviousVersion is { } version && store.ColumnsOf(spec.Application, version).Except(columns.Names).ToList() is { Count: > 0 } missing)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"Version \"{version}\" of application \"{spec.Application}\" was made for another schema; its database lacks {string.Join(", ", missing)}.",
                "Bind the application to an instance that was restored to that version's time, or add by hand what is missing, and run again.");
        }
    }

    private static ApplicationRecord With(ApplicationRecord? prior, Guid identity, DeploySpec spec, Server server, DbosConfig config, ApplicationVersion version) => new()
    {
        Format = ApplicationRecord.CurrentFormat,
        Name = spec.Application,
        Identity = identity,
        Instance = server.Name,
        Database = config.Database,
        Directory = spec.Directory,
        Versions = [.. prior?.Versions ?? [], version],
    };

    /// <summary>The time in readable form, with random digits in case of two deploys in one second.</summary>
    private static string Id(DateTimeOffset time) =>
        $"{time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
}
