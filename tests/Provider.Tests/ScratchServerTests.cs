namespace PgFleet.Tests;

public sealed class ScratchServerTests
{
    [Fact]
    public async Task A_scratch_server_answers()
    {
        await using var server = await ScratchServer.StartAsync();
        Assert.Equal(1, await server.ScalarAsync("select 1"));
    }
}
