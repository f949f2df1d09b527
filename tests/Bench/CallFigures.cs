using Google.Protobuf.WellKnownTypes;

namespace PgFleet.Bench;

/// <summary>Check and Diff, call by call over the socket, with a warm process.</summary>
internal static class CallFigures
{
    private const int Calls = 2000;

    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        await using var provider = await Provider.StartAsync(place);
        var inputs = await provider.CheckAsync("main");
        var state = inputs.Clone();
        foreach (var output in new[] { "status", "host", "serverVersion", "connectionUri", "caCertificate", "createdAt", "fleetId" })
        {
            state.Fields[output] = Value.ForString(output == "status" ? "available" : output);
        }
        Func<Task> check = async () => await provider.CheckAsync("main");
        Func<Task> diff = async () => await provider.Client.DiffAsync(new() { Id = "main", Type = Provider.Instance, Olds = state, OldInputs = inputs, News = inputs });
        foreach (var (name, call) in new[] { ("check_us", check), ("diff_us", diff) })
        {
            await RepeatAsync(call);
            yield return (name, await Place.MillisecondsAsync(() => RepeatAsync(call)) * 1000 / Calls);
        }
    }

    private static async Task RepeatAsync(Func<Task> call)
    {
        for (var done = 0; done < Calls; done++)
        {
            await call();
        }
    }
}
