namespace MiniEngine.Programs;

/// <summary>Checks that every name is defined, and that nothing depends on itself.</summary>
internal static class ProgramOrder
{
    public const string BuiltIn = "pulumi";

    public static void Verify(Project project, string file)
    {
        var names = project.Resources.ToDictionary(resource => resource.Key, resource => resource.Names);
        foreach (var (name, expression) in project.Variables)
        {
            if (!names.TryAdd(name, expression.Names))
                throw new UserException($"{file}: \"{name}\" is both a resource and a variable. Rename one.");
        }
        foreach (var name in project.Config.Keys.Select(StackConfig.ShortName).Append(BuiltIn))
            names.TryAdd(name, []);
        var done = new HashSet<string>();
        foreach (var name in names.Keys)
            Visit(name, [], names, done, file);
        foreach (var (output, expression) in project.Outputs)
        {
            foreach (var name in expression.Names)
                Visit(name, [$"outputs.{output}"], names, done, file);
        }
    }

    private static void Visit(string name, IReadOnlyList<string> path, Dictionary<string, IEnumerable<string>> names, HashSet<string> done, string file)
    {
        if (done.Contains(name))
            return;
        if (!names.TryGetValue(name, out var needed))
            throw new UserException($"{file}: {path[^1]} names \"{name}\", which is no resource, variable or configuration key of the program.");
        if (path.Contains(name))
            throw new UserException($"{file}: \"{name}\" is made from itself: {string.Join(" → ", path.SkipWhile(step => step != name).Append(name))}.");
        foreach (var next in needed)
            Visit(next, [.. path, name], names, done, file);
        done.Add(name);
    }
}
