using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>The resource exists but is unfinished: its state must be recorded, and the next run resumes.</summary>
internal sealed class UnfinishedException(string id, Map state, Exception cause) : Exception(cause.Message, cause)
{
    public string Id => id;

    public Map State => state;
}
