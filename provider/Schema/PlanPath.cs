namespace PgFleet.Schema;

/// <summary>Where in a state the planner is, and what holds there because it holds above.</summary>
internal readonly record struct PlanPath(string Path, bool Replaces, bool Secret)
{
    public static PlanPath Top { get; } = new("", Replaces: false, Secret: false);

    public PlanPath Property(Field field) => new(PropertyPath.Property(Path, field.Name), Replaces || field.Replaces, Secret || field.Secret);

    public PlanPath Key(string key) => this with { Path = PropertyPath.Key(Path, key) };

    public PlanPath Index(int index) => this with { Path = PropertyPath.Index(Path, index) };
}
