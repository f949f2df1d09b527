using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

internal sealed partial class TerraformService
{
    public override Task<ValidateDataResourceConfig.Types.Response> ValidateDataResourceConfig(ValidateDataResourceConfig.Types.Request request, ServerCallContext context)
    {
        var source = DataSourceOf(request.TypeName);
        var (_, problems) = Asked(source, request.Config);
        return Task.FromResult(new ValidateDataResourceConfig.Types.Response { Diagnostics = { problems } });
    }

    public override async Task<ReadDataSource.Types.Response> ReadDataSource(ReadDataSource.Types.Request request, ServerCallContext context)
    {
        var source = DataSourceOf(request.TypeName);
        var response = new ReadDataSource.Types.Response();
        var (config, problems) = Asked(source, request.Config);
        response.Diagnostics.AddRange(problems);
        if (problems.Count > 0)
        {
            return response;
        }
        using var operation = new Operation(run, new LogDiagnostics(log, source.TypeName, response.Diagnostics), context.CancellationToken);
        try
        {
            response.State = CtyValues.Encode(source.Fields, source.Answer(config, await source.Function.InvokeAsync(config, operation.Work.Cancel)));
        }
        catch (Exception exception)
        {
            response.Diagnostics.Add(Failed(exception, $"{source.TypeName} cannot be read", operation));
        }
        return response;
    }

    private TerraformDataSource DataSourceOf(string type) => new(run.Fleet.Functions.First(function => TerraformNames.DataSource(function.Name) == type));

    private static (Map Config, IReadOnlyList<Diagnostic> Problems) Asked(TerraformDataSource source, DynamicValue value)
    {
        var nulls = new List<Failures.Problem>();
        var config = CtyValues.Decode(source.Function.Shape.Inputs, value, nulls) ?? Map.Empty;
        var check = Checker.Check(source.Function.Shape, config, null, [], _ => null);
        return (check.Inputs, [.. nulls.Concat(check.Problems).Select(problem => TerraformErrors.Of(problem, _ => false))]);
    }
}
