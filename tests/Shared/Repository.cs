namespace PgFleet.Shared;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the program under test as it is shipped: a copy from eng/test that servers can read, or that of the checkout.</summary>
    public static string Programs => Environment.GetEnvironmentVariable("PGFLEET_TEST_PROGRAMS") ?? Path.Combine(Root, "bin");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Provider.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Provider.sln is in no folder above this program.");
        }
        return folder.FullName;
    }
}
