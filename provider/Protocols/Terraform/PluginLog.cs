using System.Text.Json;

namespace PgFleet.Protocols.Terraform;

/// <summary>Writes the log as Terraform reads it from a provider's stderr: one hclog JSON object a line, shown under TF_LOG.</summary>
internal sealed class PluginLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var line = new MemoryStream();
            using (var writer = new Utf8JsonWriter(line))
            {
                writer.WriteStartObject();
                writer.WriteString("@level", Level(logLevel));
                writer.WriteString("@message", exception is null ? formatter(state, null) : $"{formatter(state, exception)}\n{exception}");
                writer.WriteString("@module", name);
                writer.WriteString("@timestamp", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffK", null));
                writer.WriteEndObject();
            }
            line.WriteByte((byte)'\n');
            using var stderr = Console.OpenStandardError();
            stderr.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        }

        private static string Level(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            _ => "error",
        };
    }
}
