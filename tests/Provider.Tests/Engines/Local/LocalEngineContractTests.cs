using System.Globalization;
using Npgsql;
using PgFleet.Engines;
using PgFleet.Engines.Local;

namespace PgFleet.Tests.Engines.Local;

public sealed class LocalEngineContractTests : FleetEngineContract
{
    internal override IEngineUnderTest NewEngine() => new LocalEngineUnderTest();
}

public sealed class LocalRecoveryContractTests : RecoveryContract
{
    internal override IRecoverableUnderTest NewEngine() => new LocalEngineUnderTest(Repository.Programs);
}

public sealed class LocalStartStopContractTests : StartStopContract
{
    internal override IStartStopUnderTest NewEngine() => new LocalEngineUnderTest();
}

/// <param name="programs">The folder of the archive program; null: a substitute that archives nothing.</param>
internal sealed class LocalEngineUnderTest(string? programs = null) : IEngineUnderTest, IRecoverableUnderTest, IStartStopUnderTest
{
    private readonly TestHome home = new(programFolder: programs);

    public IServerEngine Engine => home.Engine;

    public IAdministratorAccess Administrator => home.Engine;

    public IMigrationAccess Migrations => home.Engine;

    public IRecoverable Archives => home.Engine;

    public IStartStop Switch => home.Engine;

    public IServerEngine NewCaller() => new LocalEngine(home.Options, TimeProvider.System);

    /// <summary>The names of all files, with the time of the last change of those that no server writes.</summary>
    public string Snapshot() => !Directory.Exists(home.Folder) ? "" : string.Join('\n', Directory.EnumerateFiles(home.Folder, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/data/", StringComparison.Ordinal) && !path.Contains("/archive/", StringComparison.Ordinal) && !path.EndsWith(".log", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => string.Create(CultureInfo.InvariantCulture, $"{path} {File.GetLastWriteTimeUtc(path):O}")));

    public Task<NpgsqlConnection> LogInAsync(ManagedServer server, string password) => TestHome.LogInAsync(server, password);

    public Task SilenceAsync(string name) => home.KillAsync(name);

    public ValueTask DisposeAsync() => home.DisposeAsync();
}
