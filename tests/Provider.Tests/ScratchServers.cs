using Npgsql;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Tests;

/// <summary>Scratch servers as instances: an engine's contract without an engine.</summary>
internal sealed class ScratchServers(ScratchServer scratch, string username) : IServerDirectory, IAdministratorAccess
{
    private int opened, looks;

    /// <summary>The instances by name; any other does not exist.</summary>
    public Dictionary<string, Server> Instances { get; } = [];

    public const string Identity = "0123@here:/home";

    public int Opened => opened;

    /// <summary>True: connections cannot be opened.</summary>
    public bool Broken { get; set; }

    /// <summary>Called when a connection is opened.</summary>
    public Action? Opening { get; set; }

    /// <summary>The number of calls to find an instance.</summary>
    public int Looks => looks;

    public ScratchServers With(string name, ServerStatus status = ServerStatus.Available, string version = "15.0", string? reason = null)
    {
        Instances[name] = new()
        {
            Name = name,
            Identity = $"{name}-identity",
            Username = username,
            Port = scratch.Port,
            Status = status,
            Reason = reason,
            Host = "127.0.0.1",
            Version = version,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        return this;
    }

    public Task<string?> FindIdentityAsync(CancellationToken cancel) => Task.FromResult<string?>(Identity);

    public Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Server>>([.. Instances.Values]);

    public bool Has(string name) => Instances.ContainsKey(name);

    public Task<Server?> FindAsync(string name, CancellationToken cancel)
    {
        Interlocked.Increment(ref looks);
        return Task.FromResult(Instances.GetValueOrDefault(name));
    }

    public async Task<Admin> OpenAsync(string name, string database, CancellationToken cancel)
    {
        Assert.True(Instances.ContainsKey(name), $"\"{name}\" is opened, and does not exist");
        Interlocked.Increment(ref opened);
        Opening?.Invoke();
        if (Broken || !Instances.ContainsKey(name))
        {
            throw new ResourceFailure(FailureKind.Denied, "The door is shut.", "Open it.");
        }
        var connection = new NpgsqlConnection(scratch.ConnectionString(database));
        await connection.OpenAsync(cancel);
        return new(connection);
    }
}
