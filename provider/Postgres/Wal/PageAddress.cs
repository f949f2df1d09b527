namespace PgFleet.Postgres.Wal;

/// <summary>The address of a relation's page, as in file names and WAL.</summary>
/// <param name="Database">The database's OID; 0 for shared relations.</param>
/// <param name="File">The number that names the relation's files.</param>
/// <param name="Fork">0 main, 1 free space map, 2 visibility map, 3 initial.</param>
/// <param name="Block">The block number in the fork.</param>
internal readonly record struct PageAddress(uint Database, uint File, int Fork, uint Block);
