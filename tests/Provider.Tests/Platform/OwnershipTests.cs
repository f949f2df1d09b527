using PgFleet.Platform;

namespace PgFleet.Tests.Platform;

public sealed class OwnershipTests
{
    /// <summary>getpwnam(3) shares one buffer among threads: a folder was given to the wrong user.</summary>
    [Fact]
    [Trait("Requirement", "R-security")]
    public void Users_that_are_looked_for_at_once_are_not_mixed_up()
    {
        string[] names = ["root", "daemon", "nobody"];
        var users = names.Select(name => Ownership.FindUser(name)!.User).ToList();
        Assert.Equal(users.Count, users.Distinct().Count());
        Parallel.For(0, 30_000, new() { MaxDegreeOfParallelism = 8 }, turn => Assert.Equal(users[turn % names.Length], Ownership.FindUser(names[turn % names.Length])!.User));
        Assert.Null(Ownership.FindUser("nobody-of-that-name"));
    }
}
