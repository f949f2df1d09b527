using PgFleet.Engines.Local.Archive;

if (ArchiveProgram.Handles(args))
{
    return await ArchiveProgram.RunAsync(args);
}
return 0;
