using PgFleet.Schema.Types;

namespace PgFleet.Tests.Schema;

/// <summary>Types that follow Postgres's semantics are compared with Postgres itself.</summary>
public sealed class PostgresMeaningTests
{
    /// <summary>KOI8U: encodings with higher numbers are client-only.</summary>
    private const int LastServerEncoding = 34;

    [Fact]
    public async Task Encodings_are_named_as_the_server_names_them()
    {
        await using var server = await ScratchServer.StartAsync();
        for (var id = 0; await server.ScalarAsync($"select pg_encoding_to_char({id})") is string { Length: > 0 } name; id++)
        {
            Assert.Equal(id <= LastServerEncoding ? name : null, EncodingName.Parse(name)?.Name);
        }

        foreach (var alias in new[] { "Unicode", "utf-8", "iso_8859-1", "ISO885916", "Windows_1252", "win", "vscii", "tcvn", "alt", "koi8", "abc", "nonsense", "" })
        {
            var name = await server.ScalarAsync($"select nullif(pg_encoding_to_char(pg_char_to_encoding('{alias}')), '')");
            Assert.Equal(name as string, EncodingName.Parse(alias)?.Name);
        }
    }

    [Fact]
    public async Task Settings_that_are_equal_here_are_equal_to_the_server()
    {
        await using var server = await ScratchServer.StartAsync();
        await AgreeAsync("work_mem", "16MB", "16384kB", "0.015625GB", "16 MB", "17MB", "016MB", "16777216B");
        await AgreeAsync("statement_timeout", "1min", "60s", "60000ms", "0.5min", "1h", "1d", "24h");
        await AgreeAsync("enable_seqscan", "on", "TRUE", "yes", "off", "No", "false");

        async Task AgreeAsync(string parameter, params string[] values)
        {
            var settled = new Dictionary<string, string>();
            foreach (var value in values)
            {
                await using var connection = await server.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = $"set {parameter} = '{value}'; select setting from pg_settings where name = '{parameter}'";
                settled[value] = (string)(await command.ExecuteScalarAsync())!;
            }

            foreach (var (left, right) in values.SelectMany(left => values.Select(right => (left, right))))
            {
                Assert.True(!Setting.Parse(left)!.Equals(Setting.Parse(right)) || settled[left] == settled[right], $"{parameter}: {left} and {right}");
            }
        }
    }
}
