using System.Collections.Immutable;
using CsCheck;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

internal enum Verb
{
    Up, UpRefresh, UpTarget, UpTargetDependents, UpReplace, UpTargetReplace, UpTainted, Preview, Refresh, RefreshTarget, RefreshProgram, Destroy, DestroyTarget, DestroyTargetDependents, DestroyProgram,
}

/// <summary>Changes by others between two runs.</summary>
internal enum Happening { Nothing, DatabaseDropped, DatabaseMade, DatabaseMadeAnew, ServerDeleted, ServerMadeAnew }

/// <summary>A part of a history: an edit of the program, an event, and a run.</summary>
internal sealed record Move(ImmutableArray<EditStep> Edits, Happening Happening, Verb Verb, int A, int B, Fault Fault)
{
    private static readonly Gen<int> Number = Gen.Int[0, 41];

    private static readonly Gen<EditStep> AnyEdit = Gen.Select(Gen.Enum<Edit>(), Number, Number, (edit, a, b) => new EditStep(edit, a, b));

    private static readonly Gen<Verb> AnyVerb = Gen.Frequency((9, Gen.Const(Verb.Up)), (9, Gen.Enum<Verb>()));

    private static readonly Gen<Happening> AnyHappening = Gen.Frequency((9, Gen.Const(Happening.Nothing)), (3, Gen.Enum<Happening>()));

    /// <param name="faults">The possible faults.</param>
    public static Gen<ImmutableArray<Move>> Sequences(FaultKind[] faults, int most) => Gen.Select(
        AnyEdit.Array[0, 3], AnyHappening, AnyVerb, Number, Number, AnyFault(faults),
        (edits, happening, verb, a, b, fault) => new Move([.. edits], happening, verb, a, b, fault)).Array[1, most].Select(moves => moves.ToImmutableArray());

    private static Gen<Fault> AnyFault(FaultKind[] kinds) =>
        Gen.Frequency((5, Gen.Const(Fault.None)), (7, Gen.Select(Gen.Int[0, kinds.Length - 1].Select(index => kinds[index]), Gen.Int[1, 9], (kind, step) => new Fault(kind, step))));

    public override string ToString() =>
        $"{string.Join(", ", Edits.Select(edit => $"{edit.Edit}({edit.A},{edit.B})"))}; {Happening}; {Verb}({A},{B}){(Fault.Kind is FaultKind.None ? "" : $" with {Fault.Kind} at {Fault.Step}")}";
}
