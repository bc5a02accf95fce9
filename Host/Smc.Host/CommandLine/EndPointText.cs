using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Smc.Host.CommandLine;

/// <summary>An endpoint as users write it: <c>HOST:PORT</c>, <c>[v6]:PORT</c>, <c>:PORT</c> or <c>PORT</c>.</summary>
/// <param name="Host">A name or an address; empty means any address of this host.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose when listening.</param>
internal readonly record struct EndPointText(string Host, int Port)
{
    public const string Syntax = "HOST:PORT, [IPv6]:PORT, :PORT or PORT";

    public static EndPointText Parse(string text) =>
        TryParse(text, out EndPointText value, out string error) ? value : throw CommandFailure.Usage(error);

    public static bool TryParse(string text, out EndPointText value, out string error)
    {
        value = default;
        error = "";
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        string port = text[(colon + 1)..];
        if (text.Length == 0)
            error = $"an endpoint is missing; write {Syntax}.";
        else if (text.StartsWith('[') && (!host.EndsWith(']') || !IsAddress(host[1..^1], AddressFamily.InterNetworkV6)))
            error = $"'{text}' is no endpoint: the brackets must hold an IPv6 address, then :PORT.";
        else if (!host.StartsWith('[') && host.Contains(':'))
            error = $"'{text}' is no endpoint: write an IPv6 address in brackets, as in [::1]:7000.";
        else if (colon < 0 && !port.All(char.IsAsciiDigit))
            error = $"'{text}' is no endpoint: the port is missing; write {Syntax}.";
        else if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > IPEndPoint.MaxPort)
            error = $"'{text}' is no endpoint: the port must be 0 to {IPEndPoint.MaxPort}, was '{port}'.";
        else if (host.Any(char.IsWhiteSpace))
            error = $"'{text}' is no endpoint: '{host}' is no host name.";
        else
            value = new EndPointText(host.Trim('[', ']'), number);
        return error.Length == 0;
    }

    /// <summary>The address to bind: any address where no host was given, and the first address of a name.</summary>
    public async ValueTask<IPEndPoint> ToListenAsync(CancellationToken ct)
    {
        if (Host.Length == 0) return new IPEndPoint(IPAddress.Any, Port);
        if (IPAddress.TryParse(Host, out IPAddress? address)) return new IPEndPoint(address, Port);
        return new IPEndPoint((await Dns.GetHostAddressesAsync(Host, ct))[0], Port);
    }

    /// <summary>The endpoint to connect to: loopback where no host was given.</summary>
    public EndPoint ToConnect()
    {
        if (Port == 0) throw CommandFailure.Usage("cannot connect to port 0; give the port on which the peer listens.");
        if (Host.Length == 0) return new IPEndPoint(IPAddress.Loopback, Port);
        return IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{(Host.Length == 0 ? "*" : Host)}:{Port}";

    private static bool IsAddress(string text, AddressFamily family) => IPAddress.TryParse(text, out IPAddress? a) && a.AddressFamily == family;
}
