using System.Net;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Tests.Wire;
using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

public sealed class RegistryEntryTests
{
    private static readonly SmcGid Gid = SmcGid.FromGuid(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    [Fact]
    public void What_was_written_is_read() => Laws.Hold<(ulong Namespace, (bool IsIPv6, int Seed, ushort Port)[] Listeners)>(input =>
    {
        IPEndPoint[] listeners = [.. input.Listeners.Select(listener =>
        {
            byte[] address = new byte[listener.IsIPv6 ? 16 : 4];
            new Random(listener.Seed).NextBytes(address);
            return new IPEndPoint(new IPAddress(address), listener.Port);
        })];
        string text = new RegistryEntry(Gid, input.Namespace, listeners).Format();
        return RegistryEntry.TryParse(Gid, text, out RegistryEntry? read)
            && read.Gid == Gid && read.NetworkNamespace == input.Namespace && read.Listeners.SequenceEqual(listeners);
    });

    [Fact]
    public void The_form_of_the_file_is_fixed()
    {
        var entry = new RegistryEntry(Gid, 0xABC, [IPEndPoint.Parse("127.0.0.1:80"), IPEndPoint.Parse("[::]:443")]);
        Assert.Equal("smc-registry 1\nnetns 0000000000000abc\nlisten 127.0.0.1:80\nlisten [::]:443\n", entry.Format());
        Assert.Equal(32 + ".sock".Length, entry.SocketName.Length);
    }

    [Theory]
    [InlineData("smc-registry 1\n", 0)]
    [InlineData("smc-registry 1\nnetns 12\nlisten 1.2.3.4:5\n", 1)]
    [InlineData("smc-registry 1\nfeatures something new\nlisten 1.2.3.4:5\n", 1)]   // a newer version may say more
    [InlineData("smc-registry 1\nlisten 1.2.3.4:5", 1)]
    public void What_can_be_understood_is(string text, int listeners)
    {
        Assert.True(RegistryEntry.TryParse(Gid, text, out RegistryEntry? entry));
        Assert.Equal(listeners, entry.Listeners.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("smc-registry 2\n")]
    [InlineData("smc-registry 1 \n")]
    [InlineData("smc-registry 1\nnetns \n")]
    [InlineData("smc-registry 1\nnetns zz\n")]
    [InlineData("smc-registry 1\nnetns 11112222333344445\n")]
    [InlineData("smc-registry 1\nlisten \n")]
    [InlineData("smc-registry 1\nlisten localhost:80\n")]
    [InlineData("smc-registry 1\nlisten 1.2.3.4:65536\n")]
    public void What_cannot_is_refused(string text) => Assert.False(RegistryEntry.TryParse(Gid, text, out _));

    [Fact]
    public void Garbage_never_throws() => Laws.Hold<(string Head, string Tail)>(input =>
    {
        foreach (string text in new[] { input.Head ?? string.Empty, "smc-registry 1\nlisten " + input.Tail, "smc-registry 1\nnetns " + input.Tail })
        {
            bool ok = RegistryEntry.TryParse(Gid, text, out RegistryEntry? entry);
            if (ok != (entry is not null)) return false;
        }

        return true;
    });
}
