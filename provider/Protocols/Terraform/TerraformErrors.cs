using PgFleet.Failures;
using PgFleet.Operations;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

/// <summary>Converts problems and failures to Terraform's diagnostics.</summary>
internal static class TerraformErrors
{
    /// <summary>Converts a problem with the user's input. <paramref name="isSecret"/> says whether a top-level property is secret.</summary>
    public static Diagnostic Of(Problem problem, Func<string, bool> isSecret)
    {
        var path = TerraformPaths.Text(problem.Path);
        return new()
        {
            Severity = problem.Refuses ? Diagnostic.Types.Severity.Error : Diagnostic.Types.Severity.Warning,
            Summary = (path.Length == 0, problem.Refuses) switch
            {
                (true, true) => "Refused",
                (true, false) => "Warning",
                (_, true) => $"{path} is refused",
                _ => $"{path}: warning",
            },
            Detail = Text(RefusedException.Line(problem)),
            // Terraform prints the line that an attribute path refers to, which may contain a secret.
            Attribute = isSecret(TerraformPaths.Top(problem.Path)) ? null : TerraformPaths.Of(problem.Path),
        };
    }

    public static Diagnostic Of(Exception exception, string summary, Operation? operation, string setting) =>
        new() { Severity = Diagnostic.Types.Severity.Error, Summary = summary, Detail = Text(FailureText.Of(exception, operation, setting)) };

    public static Diagnostic Warning(string summary, Message text) =>
        new() { Severity = Diagnostic.Types.Severity.Warning, Summary = summary, Detail = Text(text) };

    private static string Text(Message message) => message.Render(TerraformTerms.Instance);
}
