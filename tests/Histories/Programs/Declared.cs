using System.Collections.Immutable;
using System.Globalization;

namespace PgFleet.Histories.Programs;

internal enum Kind { Instance, Restored, Database }

/// <summary>A resource in a program.</summary>
/// <param name="Key">Its name in the program.</param>
internal sealed record Declared(Kind Kind, string Key)
{
    /// <summary>Its name on the server or in the fleet; null: the provider chooses.</summary>
    public string? Name { get; init; }

    /// <summary>A database's instance, or a restore's source: a reference, or a literal id.</summary>
    public string? On { get; init; }

    public string? RestoreTime { get; init; }

    /// <summary>An input whose change replaces: a database's encoding, a server's folder of backups.</summary>
    public string? Fixed { get; init; }

    /// <summary>An input whose change does not replace: a database's connection limit, a server's work_mem.</summary>
    public int? Loose { get; init; }

    public string? OnDelete { get; init; }

    public bool DeletionProtection { get; init; }

    public bool Protect { get; init; }

    public bool RetainOnDelete { get; init; }

    public bool? DeleteBeforeReplace { get; init; }

    public bool ReplaceOnChanges { get; init; }

    public string? DependsOn { get; init; }

    public string? DeletedWith { get; init; }

    public string? Import { get; init; }

    public string Type => $"pgfleet:index:{Kind switch { Kind.Instance => "DatabaseInstance", Kind.Restored => "RestoredInstance", _ => "Database" }}";

    public string Urn => $"{StackProgram.Stack}{Type}::{Key}";

    /// <summary>The lines of YAML.</summary>
    public IEnumerable<string> Lines =>
    [
        $"  {Key}:",
        $"    type: {Type}",
        $"    properties: {{ {string.Join(", ", Properties.Where(property => property is not null))} }}",
        $"    options: {{ {string.Join(", ", Options.Where(option => option is not null))} }}",
    ];

    private ImmutableArray<string?> Properties => Kind switch
    {
        Kind.Database =>
        [
            Property("name", Name),
            Property("instance", On),
            Property("encoding", Fixed),
            Loose is { } limit ? $"connectionLimit: {Number(limit)}" : null,
            Property("onDelete", OnDelete),
            DeletionProtection ? "deletionProtection: true" : null,
        ],
        _ =>
        [
            Property("name", Name),
            Property("sourceInstance", On),
            Property("restoreTime", RestoreTime),
            Kind is Kind.Instance ? "username: alice" : null,
            "password: s3cret-of-the-history",
            $"deletionProtection: {(DeletionProtection ? "true" : "false")}",
            Loose is { } megabytes ? $"parameters: {{ work_mem: {Number(megabytes)}MB }}" : null,
            Fixed is null && OnDelete is null ? null : $"backup: {{ {string.Join(", ", new[] { Property("directory", Fixed), Property("onDelete", OnDelete) }.OfType<string>())} }}",
        ],
    };

    private ImmutableArray<string?> Options =>
    [
        Protect ? "protect: true" : null,
        RetainOnDelete ? "retainOnDelete: true" : null,
        DeleteBeforeReplace is { } first ? $"deleteBeforeReplace: {(first ? "true" : "false")}" : null,
        ReplaceOnChanges ? "replaceOnChanges: [connectionLimit, parameters]" : null,
        DependsOn is { } other ? $"dependsOn: [ \"${{{other}}}\" ]" : null,
        DeletedWith is { } with ? $"deletedWith: \"${{{with}}}\"" : null,
        Property("import", Import),
    ];

    private static string? Property(string name, string? value) => value is null ? null : $"{name}: \"{value}\"";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
