using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Progress;
using PgFleet.Resources.Application;
using PgFleet.Schema.Types;
using PgFleet.Tests.Engines.Local;
using State = PgFleet.Resources.State<PgFleet.Resources.Application.ApplicationArgs, PgFleet.Resources.Application.ApplicationOutputs>;

namespace PgFleet.Tests.Resources.Application;

/// <summary>A real server "main" that accepts clients from a network this machine is not in, and the tests' applications.</summary>
public sealed class ApplicationFixture : IAsyncLifetime
{
    internal TestHome Home { get; } = new();

    internal ManagedServer Server { get; private set; } = null!;

    internal ApplicationStore Store => new(new Home(Home.Folder), TimeProvider.System);

    internal ApplicationHandler Handler => new(Home.Engine, Home.Engine, Home.Engine, Store);

    public async ValueTask InitializeAsync() => Server = await Home.CreateAsync(TestHome.Spec() with { Placement = new() { ClientNetworks = ["192.0.2.0/24"] } });

    public ValueTask DisposeAsync() => Home.DisposeAsync();

    internal Task<object?> AskAsync(string sql, string database) => Home.AskAdminAsync(sql, database: database);
}

/// <summary>One test's application: its directory, and its history.</summary>
internal sealed class TestApp : IDisposable
{
    private readonly ApplicationHandler handler;

    public TestApp(ApplicationFixture fixture, params string[] migrations)
        : this(fixture.Handler, "main", migrations)
    {
    }

    public TestApp(ApplicationHandler handler, string instance, string[] migrations)
    {
        this.handler = handler;
        Args = new() { Name = $"app-{Guid.NewGuid().ToString("N")[..12]}", Directory = FolderPath.Parse(Directory.CreateTempSubdirectory("pgf-").FullName)!, Instance = instance };
        Migrate(migrations);
    }

    public ApplicationArgs Args { get; set; }

    public string Folder => Args.Directory.ToString();

    public string Database => Args.Name.Replace('-', '_');

    public List<string> Warnings { get; } = [];

    public List<string> Steps { get; } = [];

    public State? Kept { get; private set; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public void Migrate(params string[] commands) =>
        Write("dbos-config.yaml", $"database:\n  migrate: [{string.Join(", ", commands.Select(command => $"'{command.Replace("'", "''", StringComparison.Ordinal)}'"))}]\n");

    /// <summary>The current plan.</summary>
    public async Task<(ApplicationArgs Args, List<Problem> Problems)> PlanAsync()
    {
        var problems = new List<Problem>();
        return (await handler.ComputeAtPlanAsync(Args, problems, CancellationToken.None), problems);
    }

    public async Task<IReadOnlyList<Problem>> PreflightAsync(string? plannedInstance = null) =>
        await handler.PreflightAsync(null, (await PlanAsync()).Args, new(CancellationToken.None) { IsPlanned = name => name == plannedInstance });

    public async Task<State> DeployAsync(State? prior = null, Action<string>? onStep = null, CancellationToken cancel = default)
    {
        var (planned, problems) = await PlanAsync();
        Assert.DoesNotContain(problems, problem => problem.Refuses);
        return await DeployAsync(planned, prior, onStep, cancel);
    }

    public async Task<State> DeployAsync(ApplicationArgs planned, State? prior = null, Action<string>? onStep = null, CancellationToken cancel = default)
    {
        var progress = new Told(step =>
        {
            Steps.Add(step.Name);
            onStep?.Invoke(step.Name);
        });
        var work = new OperationContext<State>(cancel, progress, warn: text => Warnings.Add(text.ToString()));
        try
        {
            return prior is null ? await handler.CreateAsync(planned, work) : await handler.UpdateAsync(prior, planned, work);
        }
        finally
        {
            Kept = work.Partial;
        }
    }

    private sealed class Told(Action<Step> told) : IProgress<Step>
    {
        public void Report(Step value) => told(value);
    }
}
