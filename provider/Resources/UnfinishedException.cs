using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>The resource exists, but not all of it: its state is to be kept, and the next run goes on.</summary>
internal sealed class UnfinishedException(string id, Map state, Exception cause) : Exception(cause.Message, cause)
{
    public string Id => id;

    public Map State => state;
}
