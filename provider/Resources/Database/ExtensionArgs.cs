using System.ComponentModel;

namespace PgFleet.Resources.Database;

internal sealed record ExtensionArgs
{
    [Description("The version to have. Left out, it is the newest that the server offers when the extension is created, and stays.")]
    public string? Version { get; init; }

    [Description("The schema to stand in, which is created for the owner if there is none. Left out, it is the extension's own, else public.")]
    public string? Schema { get; init; }
}
