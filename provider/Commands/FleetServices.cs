using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Engines.Local;

namespace PgFleet.Commands;

/// <summary>The services of a fleet that commands and resources use.</summary>
/// <param name="Engine">The engine of the managed servers.</param>
/// <param name="Links">The linked servers.</param>
/// <param name="Servers">All servers.</param>
/// <param name="Applications">The applications.</param>
internal sealed record FleetServices(LocalEngine Engine, ILinkedServers Links, FleetDirectory Servers, ApplicationStore Applications);
