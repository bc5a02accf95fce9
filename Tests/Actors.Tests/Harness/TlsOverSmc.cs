using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Tests.Harness;

/// <summary>TLS between two streams.</summary>
internal static class TlsOverSmc
{
    private const string HostName = "smc.test";

    /// <summary>Shakes hands, exchanges seeded bytes both ways, and ends TLS in order.</summary>
    public static async Task ExchangeAsync(Stream client, Stream server, int bytes, int seed)
    {
        using X509Certificate2 certificate = NewCertificate();
        await using var clientTls = new SslStream(client, leaveInnerStreamOpen: true, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
        await using var serverTls = new SslStream(server, leaveInnerStreamOpen: true);
        await Task.WhenAll(clientTls.AuthenticateAsClientAsync(HostName), serverTls.AuthenticateAsServerAsync(certificate)).Guard();
        await Exchange.BothWaysAsync(clientTls, serverTls, bytes, seed);
        await clientTls.ShutdownAsync().Guard();
        Assert.Equal(0, await serverTls.ReadAsync(new byte[1]).Guard());
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow.AddYears(1));
    }
}
