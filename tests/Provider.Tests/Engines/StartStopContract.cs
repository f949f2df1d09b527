using PgFleet.Engines;

namespace PgFleet.Tests.Engines;

/// <summary>The contract of every engine whose servers can be stopped and started.</summary>
public abstract class StartStopContract
{
    /// <summary>Creates an engine without servers, which deletes everything that it created when it is disposed.</summary>
    internal abstract IStartStopUnderTest NewEngine();

    [Fact]
    public async Task What_a_person_has_stopped_only_a_person_starts()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), new(CancellationToken.None));
        await test.Switch.StopAsync("main", byUser: true, CancellationToken.None);
        var stopped = await test.Engine.FindAsync("main", CancellationToken.None);
        Assert.Equal((ServerStatus.Stopped, true), (stopped!.Status, stopped.StoppedByUser));
        Assert.False(await test.Switch.StartAsync("main", byUser: false, CancellationToken.None));
        Assert.True(await test.Switch.StartAsync("main", byUser: true, CancellationToken.None));
        Assert.Equal(ServerStatus.Available, (await test.Engine.FindAsync("main", CancellationToken.None))!.Status);
        Assert.True(await test.Switch.StartAsync("main", byUser: true, CancellationToken.None));
    }

    [Fact]
    public async Task What_the_machine_has_stopped_the_machine_starts()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(FleetEngineContract.Spec("main"), new(CancellationToken.None));
        await test.Switch.StopAsync("main", byUser: false, CancellationToken.None);
        await test.Switch.StopAsync("main", byUser: false, CancellationToken.None);
        Assert.True(await test.Switch.StartAsync("main", byUser: false, CancellationToken.None));
        Assert.Equal(ServerStatus.Available, (await test.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }
}

internal interface IStartStopUnderTest : IAsyncDisposable
{
    IServerEngine Engine { get; }

    IStartStop Switch { get; }
}
