using System.Text.Json.Serialization.Metadata;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Functions;

/// <summary>A function as a protocol sees it. It only reads, because previews call it too.</summary>
internal abstract class Function(string name, ResourceSchema shape)
{
    public Described Described { get; } = new(name, Prose.Of(name), shape);

    public string Name => name;

    public ResourceSchema Shape => shape;

    public abstract Task<Map> InvokeAsync(Map args, CancellationToken cancel);
}

internal sealed class TypedFunction<TArgs, TResult>(
    string name, JsonTypeInfo<TArgs> argsInfo, JsonTypeInfo<TResult> resultInfo, Func<TArgs, CancellationToken, Task<TResult>> body)
    : Function(name, ResourceSchema.OfFunction(argsInfo, resultInfo))
    where TArgs : class
    where TResult : class
{
    public override async Task<Map> InvokeAsync(Map args, CancellationToken cancel) =>
        Records.Write(await body(Records.Read(args, argsInfo), cancel), resultInfo);
}
