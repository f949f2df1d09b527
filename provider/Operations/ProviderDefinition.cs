using PgFleet.Functions;
using PgFleet.Resources;

namespace PgFleet.Operations;

/// <summary>The resources and functions of a configured provider, for any protocol. <c>Program.cs</c> lists them.</summary>
internal sealed record ProviderDefinition(IReadOnlyList<Resource> Resources, IReadOnlyList<Function> Functions);
