using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Tests.Harness;

/// <summary>TLS between two streams.</summary>
internal static class TlsOverSmc
{
    private const string HostName = "smc.test";

    /// <summary>Shakes hands, exchanges seeded bytes both ways, and ends TLS in order.</summary>
    public static Task ExchangeAsync(Stream client, Stream server, int bytes, int seed) => ExchangeAsync(client, Task.FromResult(server), bytes, seed);

    /// <inheritdoc cref="ExchangeAsync(Stream, Stream, int, int)" />
    /// <param name="client">Speaks first.</param>
    /// <param name="accepting">The server's end, which may be there only when the client has spoken.</param>
    /// <param name="bytes">How many each way.</param>
    /// <param name="seed">Of these bytes.</param>
    public static async Task ExchangeAsync(Stream client, Task<Stream> accepting, int bytes, int seed)
    {
        using X509Certificate2 certificate = NewCertificate();
        await using var clientTls = new SslStream(client, leaveInnerStreamOpen: true, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
        Task shaking = clientTls.AuthenticateAsClientAsync(HostName);
        await using var serverTls = new SslStream(await accepting.Guard(), leaveInnerStreamOpen: true);
        await Task.WhenAll(shaking, serverTls.AuthenticateAsServerAsync(certificate)).Guard();
        await Exchange.BothWaysAsync(clientTls, serverTls, bytes, seed);
        await clientTls.ShutdownAsync().Guard();
        Assert.Equal(0, await serverTls.ReadAsync(new byte[1]).Guard());
    }

    /// <summary>A server of TLS that meets whatever it is: true where that shakes hands.</summary>
    public static async Task<bool> ShakesHandsAsync(Stream stream)
    {
        using X509Certificate2 certificate = NewCertificate();
        await using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsServerAsync(certificate).Guard();
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow.AddYears(1));
    }
}
