using PgFleet.Applications;
using PgFleet.Failures;
using PgFleet.Platform;
using Connection = PgFleet.Applications.Connection;

namespace PgFleet.Tests.Applications;

/// <summary>How "pgfleet connect" edits a dbos-config.yaml.</summary>
[Trait("Requirement", "R16")]
public sealed class ConnectedFileTests : IDisposable
{
    private static readonly Connection Main = new("127.0.0.1", 5433, "shopkeeper", null, "disable", "");

    private readonly string folder = Directory.CreateTempSubdirectory("pgf-").FullName;

    private string File => Path.Combine(folder, "dbos-config.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Sets_the_four_keys_and_keeps_comments_order_and_every_other_key()
    {
        var changed = await ConnectAsync("""
            # the shop
            name: "shop"   # quoted
            language: node
            database:
              hostname: localhost  # where
              port: 5432
              username: 'postgres'
              password: ${PGPASSWORD}

              app_db_name: shop
              local_suffix: true
              migrate:
                - npx knex migrate:latest
            runtimeConfig: { entrypoints: [dist/main.js] }
            """);

        Assert.Equal(
            """
            # the shop
            name: "shop"   # quoted
            language: node
            database:
              hostname: '127.0.0.1'  # where
              port: 5433
              username: 'shopkeeper'
              password: ${PGPASSWORD}

              app_db_name: shop
              local_suffix: false
              migrate:
                - npx knex migrate:latest
            runtimeConfig: { entrypoints: [dist/main.js] }
            """,
            changed);
    }

    [Theory]
    [InlineData("name: shop\n", "name: shop\ndatabase:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n")]
    [InlineData("name: shop", "name: shop\ndatabase:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n")]
    [InlineData("", "database:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n")]
    [InlineData("# nothing yet\n", "# nothing yet\ndatabase:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n")]
    [InlineData("database: # later\nname: x\n", "database: # later\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\nname: x\n")]
    [InlineData("database:\n    # the list\n    migrate: [a]\n", "database:\n    # the list\n    hostname: '127.0.0.1'\n    port: 5433\n    username: 'shopkeeper'\n    password: '${PGPASSWORD}'\n    migrate: [a]\n")]
    [InlineData("database:\n  hostname:   # unset\n  port: \"5433\"\n  username: shopkeeper\n  password: old\n", "database:\n  hostname: '127.0.0.1'   # unset\n  port: 5433\n  username: shopkeeper\n  password: '${PGPASSWORD}'\n")]
    [InlineData("database: {hostname: a, migrate: [x]}\n", "database: {port: 5433, username: 'shopkeeper', password: '${PGPASSWORD}', hostname: '127.0.0.1', migrate: [x]}\n")]
    [InlineData("database: {}\n", "database: {hostname: '127.0.0.1', port: 5433, username: 'shopkeeper', password: '${PGPASSWORD}'}\n")]
    [InlineData("{name: shop}\n", "{database: {hostname: '127.0.0.1', port: 5433, username: 'shopkeeper', password: '${PGPASSWORD}'}, name: shop}\n")]
    [InlineData("database:\r\n  app_db_name: shop\r\n", "database:\r\n  hostname: '127.0.0.1'\r\n  port: 5433\r\n  username: 'shopkeeper'\r\n  password: '${PGPASSWORD}'\r\n  app_db_name: shop\r\n")]
    [InlineData("\ud83d\udc18: é\ndatabase:\n  port: 1\n", "\ud83d\udc18: é\ndatabase:\n  hostname: '127.0.0.1'\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n  port: 5433\n")]
    [InlineData("defaults: &d {port: 1, x: 2}\ndatabase:\n  <<: *d\n  app_db_name: y\n", "defaults: &d {port: 1, x: 2}\ndatabase:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n  <<: *d\n  app_db_name: y\n")]
    [InlineData("pw: &pw secret\ndatabase:\n  hostname: h\n  port: 1\n  username: u\n  password: *pw\n", "pw: &pw secret\ndatabase:\n  hostname: '127.0.0.1'\n  port: 5433\n  username: 'shopkeeper'\n  password: '${PGPASSWORD}'\n")]
    public async Task Adds_what_is_missing_in_the_file_s_own_manner(string before, string after) => Assert.Equal(after, await ConnectAsync(before));

    /// <summary>The SDK uses no TLS to this machine, and unverified TLS elsewhere, unless the file says otherwise.</summary>
    [Theory]
    [InlineData("127.0.0.1", "require", "", "", "  ssl: true\n")]
    [InlineData("127.0.0.1", "require", "PEM", "", "  ssl_ca: 'pgfleet-ca.crt'\n")]
    [InlineData("127.0.0.1", "require", "PEM", "  ssl: false\n  ssl_ca: other.crt\n", "  ssl: true\n  ssl_ca: 'pgfleet-ca.crt'\n")]
    [InlineData("db.example", "verify-full", "", "", "")]
    [InlineData("db.example", "verify-full", "", "  ssl_ca: other.crt\n", "  ssl_ca: ''\n")]
    [InlineData("db.example", "verify-full", "PEM", "", "  ssl_ca: 'pgfleet-ca.crt'\n")]
    [InlineData("db.example", "verify-ca", "PEM", "", "")]
    [InlineData("db.example", "disable", "", "", "  ssl: false\n")]
    public async Task Says_how_to_use_TLS_where_the_SDK_would_not_by_itself(string host, string mode, string authority, string before, string after)
    {
        const string Others = "  port: 5433\n  username: shopkeeper\n  password: ${PGPASSWORD}\n";
        var written = await ConnectAsync($"database:\n  hostname: old\n{Others}{before}", Main with { Host = host, SslMode = mode, CaCertificate = authority });
        Assert.Equal(Sorted($"database:\n  hostname: '{host}'\n{Others}{after}"), Sorted(written));
        Assert.Equal(after.Contains("crt", StringComparison.Ordinal), System.IO.File.Exists(Path.Combine(folder, "pgfleet-ca.crt")));

        static IEnumerable<string> Sorted(string text) => text.Split('\n').Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("database: &db {hostname: a}\nother: *db\n", "has an anchor")]
    [InlineData("database:\n  hostname: &h a\nother: *h\n", "hostname has an anchor")]
    [InlineData("a: &x {p: 1}\ndatabase: *x\n", "database is not a mapping")]
    [InlineData("database: shop\n", "database is not a mapping")]
    [InlineData("- a\n- b\n", "its root is not a mapping")]
    [InlineData("database:\n  hostname: |\n    a\n", "takes several lines")]
    [InlineData("name: a\n---\nname: b\n", "more than one YAML document")]
    [InlineData("database: [\n", "no YAML")]
    [InlineData("database:\n  port: 1\n  port: 2\n", "no YAML")]
    public async Task What_cannot_be_changed_safely_is_refused_and_nothing_is_touched(string text, string reason)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => ConnectedFile.WriteAsync(File, Main, TimeProvider.System));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal([File], Directory.GetFiles(folder));
        Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public async Task A_missing_file_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => ConnectedFile.WriteAsync(File, Main, TimeProvider.System));
        Assert.Contains("There is no file", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task What_was_is_kept_beside_it_and_a_second_time_nothing_happens()
    {
        const string Before = "database:\n  hostname: localhost\n";
        await System.IO.File.WriteAllTextAsync(File, Before);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var backup = await ConnectedFile.WriteAsync(File, Main, TimeProvider.System);
        Assert.Equal(Before, await System.IO.File.ReadAllTextAsync(backup!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(File));
        Assert.Null(await ConnectedFile.WriteAsync(File, Main, TimeProvider.System));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_password_in_clear_makes_the_file_its_owner_s_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, "name: shop\n");
        await ConnectedFile.WriteAsync(File, Main with { Password = "it's #1" }, TimeProvider.System);
        Assert.Contains("password: 'it''s #1'", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task A_link_stays_one_and_what_it_leads_to_is_changed()
    {
        var target = Path.Combine(folder, "real.yaml");
        await System.IO.File.WriteAllTextAsync(target, "name: shop\n");
        System.IO.File.CreateSymbolicLink(File, target);
        await ConnectedFile.WriteAsync(File, Main, TimeProvider.System);
        Assert.Equal(target, new FileInfo(File).LinkTarget);
        Assert.Contains("shopkeeper", await System.IO.File.ReadAllTextAsync(target), StringComparison.Ordinal);
    }

    /// <summary>The folder's owner may have placed the links.</summary>
    [Fact]
    public async Task Nothing_is_written_through_a_link_that_lies_in_the_folder()
    {
        var outside = Path.Combine(folder, "outside");
        await System.IO.File.WriteAllTextAsync(outside, "secret");
        System.IO.File.SetUnixFileMode(outside, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.CreateSymbolicLink($"{File}.new", outside);
        var clock = new Standing();
        System.IO.File.CreateSymbolicLink($"{File}.20261128T120000.000Z.bak", outside);
        await System.IO.File.WriteAllTextAsync(File, "name: shop\n");

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => ConnectedFile.WriteAsync(File, Main, clock));
        Assert.Contains("exists", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("name: shop\n", await System.IO.File.ReadAllTextAsync(File));
        await ConnectedFile.WriteAsync(File, Main, TimeProvider.System);
        Assert.Contains("shopkeeper", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
        Assert.Equal("secret", await System.IO.File.ReadAllTextAsync(outside));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(outside));
    }

    [Fact]
    public async Task A_link_of_another_user_s_leads_to_no_file_that_is_not_that_user_s()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var target = Path.Combine(folder, "of-root.yaml");
        await System.IO.File.WriteAllTextAsync(target, "name: shop\n");
        System.IO.File.CreateSymbolicLink(File, target);
        var nobody = Ownership.FindUser("nobody")!;
        Ownership.Give(File, nobody.User, nobody.Group);

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => ConnectedFile.WriteAsync(File, Main, TimeProvider.System));
        Assert.Contains($"\"{File}\" is a link of another user's", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("name: shop\n", await System.IO.File.ReadAllTextAsync(target));

        Ownership.Give(target, nobody.User, nobody.Group);
        await ConnectedFile.WriteAsync(File, Main, TimeProvider.System);
        Assert.Contains("shopkeeper", await System.IO.File.ReadAllTextAsync(target), StringComparison.Ordinal);
        Assert.Equal(nobody.User, Ownership.OwnerOf(target));
    }

    [Fact]
    public async Task Something_without_an_end_is_refused_at_once()
    {
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", [File]))
        {
            await pipe.WaitForExitAsync();
        }
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => ConnectedFile.WriteAsync(File, Main, TimeProvider.System).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("is no regular file", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The folder's owner may do this between any two steps.</summary>
    [Fact]
    public async Task What_is_written_goes_to_the_folder_that_was_meant_though_another_was_put_in_its_place()
    {
        var (meant, moved, other) = (Path.Combine(folder, "app"), Path.Combine(folder, "moved"), Directory.CreateDirectory(Path.Combine(folder, "etc")));
        Directory.CreateDirectory(meant);
        await System.IO.File.WriteAllTextAsync(Path.Combine(meant, "file"), "before");
        using var held = new OthersFolder(meant);
        using var file = held.Open("file");
        Directory.Move(meant, moved);
        Directory.CreateSymbolicLink(meant, other.FullName);

        held.Create("copy", "before"u8, UnixFileMode.UserRead, like: file);
        held.Replace("file", "after"u8, UnixFileMode.UserRead, like: file);
        Assert.Empty(other.EnumerateFileSystemInfos());
        Assert.Equal(("before", "after"), (await System.IO.File.ReadAllTextAsync(Path.Combine(moved, "copy")), await System.IO.File.ReadAllTextAsync(Path.Combine(moved, "file"))));
    }

    private async Task<string> ConnectAsync(string text, Connection? connection = null)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        Assert.NotNull(await ConnectedFile.WriteAsync(File, connection ?? Main, TimeProvider.System));
        Assert.Null(await ConnectedFile.WriteAsync(File, connection ?? Main, TimeProvider.System));
        return await System.IO.File.ReadAllTextAsync(File);
    }

    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    }
}
