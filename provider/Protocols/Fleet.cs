using PgFleet.Functions;
using PgFleet.Resources;

namespace PgFleet.Protocols;

/// <summary>Everything that a configured provider serves, whatever the protocol. <c>Program.cs</c> lists it.</summary>
internal sealed record Fleet(IReadOnlyList<Resource> Resources, IReadOnlyList<Function> Functions);
