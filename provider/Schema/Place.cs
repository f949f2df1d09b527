namespace PgFleet.Schema;

/// <summary>Where in a state the planner is, and what holds there because it holds above.</summary>
internal readonly record struct Place(string Path, bool Replaces, bool Secret)
{
    public static Place Top { get; } = new("", Replaces: false, Secret: false);

    public Place Property(Field field) => new(PropertyPath.Property(Path, field.Name), Replaces || field.Replaces, Secret || field.Secret);

    public Place Key(string key) => this with { Path = PropertyPath.Key(Path, key) };

    public Place Index(int index) => this with { Path = PropertyPath.Index(Path, index) };
}
