using PgFleet.Applications;
using PgFleet.Fleet;
using PgFleet.Operations;
using PgFleet.Postgres.Sql;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.RestoredInstance;

namespace PgFleet.Histories.Places;

/// <summary>The provider's own resources over an engine.</summary>
internal static class Composition
{
    public static ProviderDefinition Of(FaultyFleet engine, Func<string, IDatabases> databasesOf, Home home)
    {
        var (guard, applications, records) = (new FleetGuard(engine, "the place of the history"), new ApplicationStore(home, TimeProvider.System), RecordContext.Default);
        return new(
            [
                new TypedResource<DatabaseInstanceArgs, DatabaseInstanceOutputs>(
                    "DatabaseInstance", records.DatabaseInstanceArgs, records.DatabaseInstanceOutputs, new DatabaseInstanceHandler(engine, engine, applications), guard),
                new TypedResource<RestoredInstanceArgs, RestoredInstanceOutputs>(
                    "RestoredInstance", records.RestoredInstanceArgs, records.RestoredInstanceOutputs, new RestoredInstanceHandler(engine, engine, engine, applications), guard),
                new TypedResource<DatabaseArgs, DatabaseOutputs>(
                    "Database", records.DatabaseArgs, records.DatabaseOutputs, new DatabaseHandler(engine, databasesOf), guard),
            ],
            []);
    }
}
