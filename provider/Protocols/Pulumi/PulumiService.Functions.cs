using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    /// <summary>Calls a function. Previews call it too, so functions only read.</summary>
    public override async Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context)
    {
        var function = session.Fleet.Functions.FirstOrDefault(function => Package.Token(function.Name) == request.Tok)
            ?? throw new RpcException(new(StatusCode.InvalidArgument, $"\"{request.Tok}\" is no function of this provider; it has {string.Join(", ", session.Fleet.Functions.Select(function => Package.Token(function.Name)))}."));
        var args = PulumiInputs.Decode(request.Args).Values;
        var check = Checker.Check(function.Shape, args, null, [], _ => null);
        var response = new InvokeResponse();
        response.Failures.AddRange(check.Problems.Select(problem => Failure(function.Shape, args, problem)));
        if (response.Failures.Count == 0)
        {
            using var operation = new Operation(session, DiagnosticsOf(urn: ""), context.CancellationToken);
            response.Return = await GuardedAsync(operation, async () =>
                PulumiValues.Encode(await function.InvokeAsync(check.Inputs, operation.Work.Cancel)));
        }
        return response;
    }
}
