using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc check</c>, after <c>smc_chk -C</c>: connects from within the process that is looked into, so with its limits and its state of now.</summary>
internal sealed class CheckCommand() : ProbeCommand("check", "Says whether a connection from this process would be SMC, and if not, why.", At, Patience)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    private static readonly SmcArgument At = new("endpoint", "-a", "The endpoint, as 10.0.0.7:7000, [::1]:7000 or host:7000.", ArgumentKind.Formed)
    {
        IsMandatory = true,
        Form = "an endpoint as 10.0.0.7:7000, [::1]:7000 or host:7000",
        IsOfForm = static word => TryEndPoint(word, out _),
    };

    private static readonly SmcArgument Patience = new("timeout", "-t", "How long it may take.", ArgumentKind.Duration) { Default = "2s", Longest = MostPatience };

    /// <inheritdoc />
    public override TimeSpan Takes(SmcArguments arguments) => arguments.Duration(Patience)!.Value;

    /// <inheritdoc />
    public override async Task<SmcReport> AnswerAsync(SmcArguments arguments, ISmcConnector connector)
    {
        string at = arguments.Text(At)!;
        TryEndPoint(at, out EndPoint? endPoint);
        using var patience = new CancellationTokenSource(Takes(arguments));
        try
        {
            return (await EndpointCheck.RunAsync(connector, endPoint!, patience.Token).ConfigureAwait(false)).ToReport(at);
        }
        catch (OperationCanceledException)
        {
            return new ErrorReport($"{at} has not answered for {arguments.Text(Patience)}: whoever listens there takes no connection, or a firewall is between.");
        }
        catch (SocketException e)
        {
            return new ErrorReport(e.SocketErrorCode == SocketError.ConnectionRefused ? $"{at} cannot be reached: nobody listens there." : $"{at} cannot be reached: {e.Message.TrimEnd('.')}.");
        }
    }

    private static bool TryEndPoint(string word, out EndPoint? endPoint)
    {
        endPoint = null;
        int colon = word.LastIndexOf(':');
        string host = colon < 0 ? string.Empty : word[..colon];
        if (!ushort.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0) return false;
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? address) && isBracketed == (address.AddressFamily == AddressFamily.InterNetworkV6))
            endPoint = new IPEndPoint(address, port);
        else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            endPoint = new DnsEndPoint(host, port);
        return endPoint is not null;
    }
}
