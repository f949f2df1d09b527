namespace PgFleet.Schema;

/// <summary>Suggests the name that a user most likely meant.</summary>
internal static class NameSuggestion
{
    /// <summary>The closest name; null when more than a third of the letters differ, ignoring case, <c>_</c> and <c>-</c>.</summary>
    public static string? To(string typed, IEnumerable<string> names) =>
        names.Select(name => (Name: name, Distance: Distance(Letters(typed), Letters(name))))
            .Where(near => near.Distance <= near.Name.Length / 3)
            .OrderBy(near => near.Distance)
            .Select(near => near.Name)
            .FirstOrDefault();

    private static string Letters(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
