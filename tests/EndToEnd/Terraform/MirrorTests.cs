namespace PgFleet.EndToEnd.Terraform;

public sealed class MirrorTests
{
    [TerraformFact]
    public async Task A_release_in_a_file_system_mirror_is_installed_and_used_without_a_network()
    {
        await using var place = new TerraformPlace();
        var mirror = Path.Combine(place.Work.Folder, "mirror");
        var package = Directory.CreateDirectory(Path.Combine(mirror, TerraformPlace.Source, "0.1.0", "linux_amd64"));
        // As shipped it is one file with its version in its name. The managed program needs its neighbouring files, and is found by its shortest name.
        var isNative = !File.Exists(Path.Combine(Repository.Programs, "pgfleet.dll"));
        File.Copy(
            Path.Combine(Repository.Programs, "terraform-provider-pgfleet"),
            Path.Combine(package.FullName, isNative ? "terraform-provider-pgfleet_v0.1.0" : "terraform-provider-pgfleet"));
        foreach (var file in isNative ? [] : Directory.GetFiles(Repository.Programs).Where(file => Path.GetFileName(file) is not ("terraform-provider-pgfleet" or "pulumi-resource-pgfleet")))
        {
            File.Copy(file, Path.Combine(package.FullName, Path.GetFileName(file)));
        }
        place.Configure($$"""
            provider_installation {
              filesystem_mirror {
                path = "{{mirror}}"
              }
            }
            """);
        place.Write(TerraformPlace.Instance());
        Assert.Contains("Installed pgfleet/pgfleet v0.1.0", TerraformPlace.Succeeded(await place.RunAsync("init", "-no-color")).Text, StringComparison.Ordinal);
        await place.AppliedAsync();
        await place.SettledAsync();
        TerraformPlace.Succeeded(await place.DestroyAsync());
    }
}
