using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Schema.Types;
using PgFleet.Security;

namespace PgFleet.Resources.Database;

internal sealed record DatabaseArgs
{
    [Description("The id of the instance that holds the database."), Container, Replaces, Exclusive("id")]
    public required string Instance { get; init; }

    [Description("The database's name: 1 to 63 bytes of UTF-8, taken literally, upper case and quotes too.")]
    [Replaces, Exclusive("id"), Reserved("postgres", "template0", "template1")]
    public required string Name { get; init; }

    [Description("A connection URI of the instance, from which `connectionUri` takes user, password and parameters.")]
    public Secret? Connection { get; init; }

    [Description("The role that owns the database. Left out, it is the instance's user. Objects in the database keep their owners when it changes.")]
    [OptionalComputed]
    public string? Owner { get; init; }

    [Description("The character encoding, such as UTF8.")]
    [OptionalComputed, Replaces]
    public EncodingName? Encoding { get; init; }

    [Description("Where the locale comes from: libc, icu (PostgreSQL 15 and later) or builtin (17 and later).")]
    [OptionalComputed, Replaces, OneOf("libc", "icu", "builtin")]
    public string? LocaleProvider { get; init; }

    [Description("The locale, for all that is not set apart.")]
    [OptionalComputed, Replaces]
    public LocaleName? Locale { get; init; }

    [Description("The libc locale that sorts texts.")]
    [OptionalComputed, Replaces]
    public LocaleName? LcCollate { get; init; }

    [Description("The libc locale that tells letters, digits and case.")]
    [OptionalComputed, Replaces]
    public LocaleName? LcCtype { get; init; }

    [Description("The ICU locale, as a language tag such as de-AT. It needs `localeProvider` icu.")]
    [OptionalComputed, Replaces]
    public LocaleName? IcuLocale { get; init; }

    [Description("Collation rules beyond those of `icuLocale`. They need `localeProvider` icu and PostgreSQL 16 or later.")]
    [OptionalComputed, Replaces]
    public string? IcuRules { get; init; }

    [Description("The locale of PostgreSQL's own provider, such as C.UTF-8. It needs `localeProvider` builtin and PostgreSQL 17 or later.")]
    [OptionalComputed, Replaces]
    public LocaleName? BuiltinLocale { get; init; }

    [Description("The database to copy. Left out, it is template1, or template0 where encoding or locale differ from template1's.")]
    [OptionalComputed, Replaces]
    public string? Template { get; init; }

    [Description("The most connections at once; -1 is no limit. Superusers do not count.")]
    [DefaultValue(-1), Between(-1, int.MaxValue)]
    public int? ConnectionLimit { get; init; }

    [Description("Whether anybody may connect, superusers included.")]
    [DefaultValue(true)]
    public bool? AllowConnections { get; init; }

    [Description("Extensions by name, created by the administrator. One that is taken out is dropped, unless something depends on it; others are left alone.")]
    [PartiallyManaged]
    public IReadOnlyDictionary<string, ExtensionArgs>? Extensions { get; init; }

    [Description("Parameters that sessions in this database start with, by name. One that is taken out is reset; others are left alone.")]
    [PartiallyManaged]
    public IReadOnlyDictionary<string, Setting>? Settings { get; init; }

    [Description("What a delete does: refuse where the database is in use, force it through, or retain the database and only forget it.")]
    [DefaultValue("refuse"), OneOf("refuse", "force", "retain")]
    public string? OnDelete { get; init; }

    [Description("Refuses to delete or replace the database, until this is turned off in an update of its own.")]
    [DefaultValue(false), Protects]
    public bool? DeletionProtection { get; init; }
}
