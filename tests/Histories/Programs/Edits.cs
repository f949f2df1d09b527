using System.Collections.Immutable;

namespace PgFleet.Histories.Programs;

internal enum Edit
{
    AddInstance, AddDatabase, AddRestored, Remove, RenameKey, Rename, LeaveNameOut, SwapNames, SwapKeys, Repoint, Misspell, ForgetReference,
    ChangeFixed, ChangeLoose, Protect, DeletionProtection, RetainOnDelete, OnDelete, DeleteBeforeReplace, ReplaceOnChanges, DependsOn, DeletedWith, Undo,
}

/// <summary>An edit of any program: its numbers choose among what exists.</summary>
internal sealed record EditStep(Edit Edit, int A, int B);

/// <summary>The edits that people make, including mistakes.</summary>
/// <param name="instants">The instants to restore to.</param>
/// <param name="folders">The folders for backups.</param>
internal sealed class Editor(IReadOnlyList<string> instants, ImmutableArray<string> folders)
{
    private const int Most = 6;

    public StackProgram Apply(StackProgram program, StackProgram last, EditStep step)
    {
        var (edit, a, b) = step;
        return edit switch
        {
            Edit.AddInstance => Add(program, new(Kind.Instance, "") { Name = Pick(Names.Servers, a) }),
            Edit.AddDatabase => Add(program, new(Kind.Database, "") { Name = Pick(Names.Databases, b), On = PickServer(program, a) }),
            Edit.AddRestored => Add(program, new(Kind.Restored, "") { Name = Pick(Names.Servers, a / 7), On = PickServer(program, a), RestoreTime = Pick(instants, b) }),
            Edit.Undo => last,
            _ => program.Resources.IsEmpty ? program : Change(program, Pick(program.Resources, a), step),
        };
    }

    private StackProgram Change(StackProgram program, Declared one, EditStep step) => step.Edit switch
    {
        Edit.Remove => program with { Resources = program.Resources.Remove(one) },
        Edit.RenameKey => FreeKey(program, step.B) is { } key ? program.Renamed(one.Key, key) : program,
        Edit.SwapNames => Swapped(program, one, step.B, (two, other) => two with { Name = other.Name }),
        Edit.SwapKeys => Swapped(program, one, step.B, (two, other) => two with { Key = other.Key }),
        _ => program.With(one, Changed(program, one, step)),
    };

    private Declared Changed(StackProgram program, Declared one, EditStep step) => step switch
    {
        (Edit.Rename, _, var b) => one with { Name = Pick(one.Kind is Kind.Database ? Names.Databases : Names.Servers, b) },
        (Edit.LeaveNameOut, _, _) => one.Kind is Kind.Database ? one : one with { Name = null },
        (Edit.Repoint, _, var b) => one.Kind is Kind.Instance ? one : one with { On = PickServer(program, b) },
        (Edit.Misspell, _, var b) => one.Kind is Kind.Instance ? one with { Name = "main " } : one with { On = Pick(["${nobody.id}", "mian", "${i1.nothing}", "${i1.name}"], b) },
        (Edit.ForgetReference, _, var b) => one.Kind is Kind.Instance ? one : one with { On = Pick(Names.Servers, b) },
        (Edit.ChangeFixed, _, var b) => one.Kind switch
        {
            Kind.Database => one with { Fixed = Pick([null, "UTF8", "SQL_ASCII"], b) },
            Kind.Restored => one with { RestoreTime = Pick(instants, b) },
            _ => one with { Fixed = Pick([null, .. folders], b) },
        },
        (Edit.ChangeLoose, _, var b) => one with { Loose = Pick<int?>([null, 5, 7], b) },
        (Edit.Protect, _, _) => one with { Protect = !one.Protect },
        (Edit.DeletionProtection, _, _) => one with { DeletionProtection = !one.DeletionProtection },
        (Edit.RetainOnDelete, _, _) => one with { RetainOnDelete = !one.RetainOnDelete },
        (Edit.OnDelete, _, var b) => one with { OnDelete = one.Kind is Kind.Database ? Pick([null, "force", "retain"], b) : Pick([null, "keep", "delete"], b) },
        (Edit.DeleteBeforeReplace, _, var b) => one with { DeleteBeforeReplace = Pick<bool?>([null, true, false], b) },
        (Edit.ReplaceOnChanges, _, _) => one with { ReplaceOnChanges = !one.ReplaceOnChanges },
        (Edit.DependsOn, _, var b) => one with { DependsOn = one.DependsOn is null ? PickOther(program, one, b) : null },
        (Edit.DeletedWith, _, var b) => one with { DeletedWith = one.DeletedWith is null ? PickOther(program, one, b) : null },
        _ => one,
    };

    private static StackProgram Add(StackProgram program, Declared added) =>
        program.Resources.Length < Most && FreeKey(program, added.Kind switch { Kind.Instance => 0, Kind.Restored => 2, _ => 3 }) is { } key
            ? new([.. program.Resources, added with { Key = key }])
            : program;

    private static StackProgram Swapped(StackProgram program, Declared one, int number, Func<Declared, Declared, Declared> take)
    {
        var others = program.Of(one.Kind).Where(other => other != one).ToList();
        if (others.Count == 0)
        {
            return program;
        }
        var two = Pick(others, number);
        return program with { Resources = [.. program.Resources.Select(resource => resource == one ? take(one, two) : resource == two ? take(two, one) : resource)] };
    }

    private static string? FreeKey(StackProgram program, int from) =>
        Names.Keys.Skip(from % Names.Keys.Length).Concat(Names.Keys).FirstOrDefault(key => program.Resources.All(resource => resource.Key != key));

    private static string PickServer(StackProgram program, int number) =>
        program.Of(Kind.Instance, Kind.Restored).ToList() is { Count: > 0 } servers ? StackProgram.Reference(Pick(servers, number).Key) : Pick(Names.Servers, number);

    private static string? PickOther(StackProgram program, Declared one, int number) =>
        program.Resources.Where(other => other != one).ToList() is { Count: > 0 } others ? Pick(others, number).Key : null;

    private static T Pick<T>(IReadOnlyList<T> all, int number) => all[number % all.Count];
}
