using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Engines.Local;

namespace PgFleet.Commands;

/// <summary>A fleet that verbs and resources work on.</summary>
/// <param name="Engine">Of the servers that can be started, stopped and restored.</param>
/// <param name="Links">To servers that others run.</param>
/// <param name="Servers">All of them.</param>
/// <param name="Applications">The applications of the fleet.</param>
internal sealed record FleetServices(LocalEngine Engine, ILinkedServers Links, FleetDirectory Servers, ApplicationStore Applications);
