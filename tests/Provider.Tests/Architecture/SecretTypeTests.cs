using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Security;

namespace PgFleet.Tests.Architecture;

/// <summary>Secrets have a type that nothing prints, from the schema to where they leave the program.</summary>
public sealed partial class SecretTypeTests
{
    private const string Clear = "the-clear-text-5d1e";
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The types, without those that the compiler generates for lambdas and async methods.</summary>
    private static readonly IReadOnlyList<Type> Types =
    [
        .. typeof(Secret).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("PgFleet.", StringComparison.Ordinal) == true && !type.FullName!.Contains('<')),
    ];

    [Fact]
    public void Nothing_that_is_named_like_a_secret_is_a_plain_text()
    {
        var members = from type in Types
                      from member in Members(type)
                      where Named().IsMatch(member.Name) && IsText(member.Type)
                      select $"{type.Name}.{member.Name}";
        Assert.Empty(members.Distinct());
    }

    [Fact]
    public void What_carries_a_secret_does_not_print_it()
    {
        var carriers = Types.Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && Carries(type)).ToList();
        Assert.Contains(typeof(ServerSpec), carriers);
        Assert.Contains(typeof(LinkRecord), carriers);
        Assert.Empty(carriers.Where(type => $"{Filled(type)}".Contains(Clear, StringComparison.Ordinal)).Select(type => type.Name));
    }

    /// <summary>The fields, which include those of properties, and the parameters and results of methods.</summary>
    private static IEnumerable<(string Name, Type Type)> Members(Type type)
    {
        var methods = type.GetMethods(Own).Where(method => !method.Name.Contains('<')).ToList();
        return
        [
            .. type.GetFields(Own).Where(field => !field.IsLiteral).Select(field => (NameOf(field), field.FieldType)),
            .. methods.Select(method => (method.Name, method.ReturnType)),
            .. methods.Cast<MethodBase>().Concat(type.GetConstructors(Own)).SelectMany(method => method.GetParameters()).Select(parameter => (parameter.Name ?? "", parameter.ParameterType)),
        ];
    }

    /// <summary>The name of a field's property or primary constructor parameter.</summary>
    private static string NameOf(FieldInfo field) => field.Name.Split('<', '>') is [_, var name, ..] ? name : field.Name;

    private static bool IsText(Type type) =>
        type == typeof(string) || typeof(IEnumerable<string>).IsAssignableFrom(type) || typeof(IEnumerable<KeyValuePair<string, string>>).IsAssignableFrom(type)
            || (typeof(Task).IsAssignableFrom(type) && type.GenericTypeArguments.Any(IsText));

    private static bool Carries(Type type) =>
        InstanceFields(type).Any(field => field.FieldType == typeof(Secret) || (field.FieldType != type && Types.Contains(field.FieldType) && Carries(field.FieldType)));

    private static IEnumerable<FieldInfo> InstanceFields(Type? type) =>
        type is null || type == typeof(object)
            ? []
            : InstanceFields(type.BaseType).Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));

    /// <summary>Creates a value in which every secret is <see cref="Clear"/>, and every other string is empty.</summary>
    private static object Filled(Type type)
    {
        if (type == typeof(Secret))
        {
            return new Secret(Clear);
        }
        var filled = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in InstanceFields(type))
        {
            if (field.FieldType == typeof(string))
            {
                field.SetValue(filled, "");
            }
            else if (field.FieldType == typeof(Secret) || (field.FieldType != type && Types.Contains(field.FieldType) && !field.FieldType.IsAbstract && Carries(field.FieldType)))
            {
                field.SetValue(filled, Filled(field.FieldType));
            }
        }
        return filled;
    }

    [GeneratedRegex("password|secret|passphrase|credential|verifier|uri$|connectionstring|^connection$", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
