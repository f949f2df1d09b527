using PgFleet.Functions;
using PgFleet.Resources;

namespace PgFleet.Operations;

/// <summary>Everything that a configured provider serves, whatever the protocol. <c>Program.cs</c> lists it.</summary>
internal sealed record ProviderDefinition(IReadOnlyList<Resource> Resources, IReadOnlyList<Function> Functions);
