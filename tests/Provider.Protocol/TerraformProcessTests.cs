using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Tfplugin6;

namespace PgFleet.Protocol;

/// <summary>The process contract of Terraform's plugins, without Terraform.</summary>
public sealed class TerraformProcessTests
{
    [Theory]
    [InlineData("terraform-provider-pgfleet")]
    [InlineData("pgfleet")]
    public async Task The_cookie_chooses_the_face_and_one_line_is_all_that_is_written_to_stdout(string program)
    {
        using var client = Certificate();
        using var provider = Start(program, client);
        var line = await LineAsync(provider);
        Assert.Equal(["1", "6", "unix"], line[..3]);
        Assert.DoesNotContain('=', line[5]);
        using var channel = Channel(line, client);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new() { Service = "plugin" })).Status);
        var schema = await new Provider.ProviderClient(channel).GetProviderSchemaAsync(new());
        Assert.Contains("pgfleet_database_instance", schema.ResourceSchemas.Keys);

        // Terraform handles the terminal's interrupt; the plugin ends at Terraform's request.
        Processes.Send(Signal.Interrupt, provider.Id);
        await new Provider.ProviderClient(channel).StopProviderAsync(new());
        var since = Stopwatch.GetTimestamp();
        await new GoPlugin.GRPCController.GRPCControllerClient(channel).ShutdownAsync(new());
        await provider.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2));
        Assert.Equal("", await provider.StandardOutput.ReadToEndAsync());
        Assert.False(File.Exists(line[3]));
    }

    [Fact]
    public async Task Another_certificate_than_terraform_s_own_is_refused()
    {
        using var client = Certificate();
        using var other = Certificate();
        using var provider = Start("terraform-provider-pgfleet", client);
        var line = await LineAsync(provider);
        using (var stranger = Channel(line, other))
        {
            await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await new Provider.ProviderClient(stranger).GetMetadataAsync(new()));
        }
        using var nobody = Channel(line, null);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await new Provider.ProviderClient(nobody).GetMetadataAsync(new()));
        provider.Kill();
        await provider.WaitForExitAsync();
        File.Delete(line[3]);
        Directory.Delete(Path.GetDirectoryName(line[3])!);
    }

    [Fact]
    public async Task Without_the_cookie_it_says_what_it_is_and_ends()
    {
        using var provider = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Programs, "terraform-provider-pgfleet")) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.Contains("Terraform, which starts it", await provider.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await provider.WaitForExitAsync();
        Assert.Equal(1, provider.ExitCode);
    }

    private static Process Start(string program, X509Certificate2 client) => Process.Start(new ProcessStartInfo(Path.Combine(Repository.Programs, program))
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["TF_PLUGIN_MAGIC_COOKIE"] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
            ["PLUGIN_CLIENT_CERT"] = client.ExportCertificatePem(),
            ["PLUGIN_PROTOCOL_VERSIONS"] = "5,6",
        },
    })!;

    private static async Task<string[]> LineAsync(Process provider) =>
        (await provider.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!.Split('|');

    private static GrpcChannel Channel(string[] line, X509Certificate2? client)
    {
        var expected = Convert.FromBase64String(line[5].PadRight((line[5].Length + 3) / 4 * 4, '='));
        return GrpcChannel.ForAddress("https://localhost", new()
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(line[3]), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                },
                SslOptions = new()
                {
                    ClientCertificates = client is null ? null : [client],
                    LocalCertificateSelectionCallback = client is null ? null : (_, _, _, _, _) => client,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                        certificate!.GetRawCertData().AsSpan().SequenceEqual(expected) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
                },
            },
            DisposeHttpClient = true,
        });
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA512).CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
    }
}
