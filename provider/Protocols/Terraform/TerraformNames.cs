using System.Collections.Frozen;
using System.Text.Json;
using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>Terraform's names: <c>pgfleet_database_instance</c>, <c>listen_addresses</c>.</summary>
internal static class TerraformNames
{
    public const string Provider = "pgfleet";

    /// <summary>Replacements for names that Terraform's language reserves in every resource.</summary>
    private static readonly FrozenDictionary<string, string> Reserved = new Dictionary<string, string>
    {
        ["connection"] = "instance_connection",
        ["connectionWo"] = "instance_connection_wo",
        ["connectionWoVersion"] = "instance_connection_wo_version",
    }.ToFrozenDictionary();

    public static string Resource(string name) => $"{Provider}_{Snake(name)}";

    /// <summary>A data source is named by its result: getInstance is <c>pgfleet_instance</c>.</summary>
    public static string DataSource(string function) =>
        Resource(function.StartsWith("get", StringComparison.Ordinal) ? function[3..] : function.StartsWith("list", StringComparison.Ordinal) ? function[4..] : function);

    public static string Attribute(Field field) => Attribute(field.Name);

    public static string Attribute(string property) => Reserved.GetValueOrDefault(property) ?? Snake(property);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
