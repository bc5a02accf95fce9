using System.Net;
using System.Net.Sockets;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection;

/// <summary>What a connection to an endpoint would be.</summary>
/// <param name="Mode">What would carry the bytes.</param>
/// <param name="Reason">Why it would be TCP; None otherwise.</param>
/// <param name="Sentence">The reason in words.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record EndpointCheck(SmcMode Mode, SmcReason Reason, string Sentence, string Remedy)
{
    /// <summary>Connects to an endpoint, sees what the connection is, and closes it.</summary>
    /// <exception cref="SocketException">The endpoint cannot be reached.</exception>
    internal static async Task<EndpointCheck> RunAsync(ISmcConnector connector, EndPoint endPoint, CancellationToken cancellationToken)
    {
        await using SmcStream stream = await connector.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        SmcReason reason = stream.FallbackReason;
        return new EndpointCheck(stream.Mode, reason, SmcReasons.Sentence(reason), SmcReasons.Remedy(reason));
    }

    /// <summary>The same for operators.</summary>
    /// <param name="at">The endpoint as they have written it.</param>
    public SmcReport ToReport(string at)
    {
        bool isSmc = Mode != SmcMode.Tcp;
        var lines = new List<PageLine>
        {
            new(string.Empty, isSmc ? $"{at} would be {ReportText.Mode(Mode)}." : $"{at} would be TCP: {Sentence} ({ReportText.Code(Reason)} {SmcReasons.ShortName(Reason)})", "endpoint", at),
        };
        lines.Add(PageLine.OfJson("mode", ReportText.ModeCode(Mode)));
        lines.Add(PageLine.OfJson("code", isSmc ? null : ReportText.Code(Reason)));
        lines.Add(PageLine.OfJson("sentence", isSmc ? null : Sentence));
        lines.Add(isSmc || Remedy.Length == 0 ? PageLine.OfJson("remedy", null) : new PageLine(string.Empty, $"Remedy: {Remedy}", "remedy", Remedy));
        return new PageReport("check", lines);
    }
}
