namespace PgFleet.Postgres.Wal;

/// <summary>A page of a relation, as files and WAL name it.</summary>
/// <param name="Database">0 for what all databases share.</param>
/// <param name="File">The number that names the relation's files.</param>
/// <param name="Fork">0 main, 1 free space map, 2 visibility map, 3 initial.</param>
internal readonly record struct PageAddress(uint Database, uint File, int Fork, uint Block);
