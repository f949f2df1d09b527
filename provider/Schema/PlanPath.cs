namespace PgFleet.Schema;

/// <summary>The planner's position in a state, with what applies there because it applies to an enclosing property.</summary>
internal readonly record struct PlanPath(string Path, bool Replaces, bool Secret)
{
    public static PlanPath Top { get; } = new("", Replaces: false, Secret: false);

    public PlanPath Property(Field field) => new(PropertyPath.Property(Path, field.Name), Replaces || field.Replaces, Secret || field.Secret);

    public PlanPath Key(string key) => this with { Path = PropertyPath.Key(Path, key) };

    public PlanPath Index(int index) => this with { Path = PropertyPath.Index(Path, index) };
}
