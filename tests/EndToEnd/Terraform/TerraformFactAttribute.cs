using System.Runtime.CompilerServices;

namespace PgFleet.EndToEnd.Terraform;

/// <summary>A test with the real terraform; it is skipped if there is none on the PATH, which eng/test reports.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TerraformFactAttribute : FactAttribute
{
    public static readonly bool IsHere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "terraform")));

    public const string Missing = "There is no terraform on the PATH.";

    public TerraformFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!IsHere)
        {
            Skip = Missing;
        }
    }
}
