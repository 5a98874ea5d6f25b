using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>Below the routes: TLS, and callers who dawdle.</summary>
public sealed class ConnectionTests(ServedWorld world)
{
    [Fact]
    public async Task Tls_ByCertificateAndKey_Answers_AndABrokenOneIsRefused()
    {
        using var folder = new TemporaryDirectory();
        using var key = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string certificate = folder.Write("cert.pem", made.ExportCertificatePem()), secret = folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        await using (RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Certificate = certificate, CertificateKey = secret }))
        {
            Assert.StartsWith("https://", service.Service.Address, StringComparison.Ordinal);
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == made.Thumbprint };
            using var client = new HttpClient(handler) { BaseAddress = new Uri(service.Service.Address) };
            Assert.Contains("live", await client.GetStringAsync("/health"), StringComparison.Ordinal);
        }
        File.WriteAllText(secret, "no key");
        ChurnConfigException fault = await Assert.ThrowsAsync<ChurnConfigException>(() => RunningService.Start(world.Model, world.Config, settings => settings with { Certificate = certificate, CertificateKey = secret }));
        Assert.Equal("CE1234", fault.Code.ToString());
    }

    [Fact]
    public async Task Body_ThatDoesNotCome_Is408_AndOthersAreAnsweredMeanwhile()
    {
        await using RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Limits = new ServeLimits { Seconds = 1 } });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(service.Service.Address).Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        Assert.Equal(HttpStatusCode.OK, (await service.Get("/health")).Status);
        byte[] buffer = new byte[4096];
        int read = await socket.ReceiveAsync(buffer);
        string answer = Encoding.ASCII.GetString(buffer, 0, read);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsTold()
    {
        await using RunningService service = await RunningService.Start(world.Model, world.Config);
        int port = new Uri(service.Service.Address).Port;
        ChurnTransientException fault = await Assert.ThrowsAsync<ChurnTransientException>(() => RunningService.Start(world.Model, world.Config, settings => settings with { Listen = new IPEndPoint(IPAddress.Loopback, port) }));
        Assert.Equal("CE1235", fault.Code.ToString());
    }
}
