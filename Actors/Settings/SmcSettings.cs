using Akka.Configuration;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Settings;

/// <summary>
/// The settings of a runtime, read from <c>smc</c> once and checked: one record a section, named as the section is. See smc.reference.conf for
/// units, ranges and consequences.
/// </summary>
/// <param name="Negotiation">Whom shared memory is offered to.</param>
/// <param name="ShutdownTimeout">How long the end of a runtime or a listener waits for its actors.</param>
/// <param name="Rendezvous">Where processes find each other.</param>
/// <param name="Directory">Who speaks SMC beyond this host.</param>
/// <param name="Handshake">Deadlines and identities.</param>
/// <param name="Fallback">Fallbacks.</param>
/// <param name="Buffers">Receive buffers.</param>
/// <param name="LinkGroup">Link groups.</param>
/// <param name="Wait">Spinning, and where continuations run.</param>
/// <param name="Listener">Listeners.</param>
/// <param name="CompletionVectors">Completion vectors: the section <c>cq</c>.</param>
/// <param name="Inspection">Looking in.</param>
public sealed record SmcSettings(
    Negotiation Negotiation,
    TimeSpan ShutdownTimeout,
    RendezvousSettings Rendezvous,
    DirectorySettings Directory,
    HandshakeSettings Handshake,
    FallbackSettings Fallback,
    BufferSettings Buffers,
    LinkGroupSettings LinkGroup,
    WaitSettings Wait,
    ListenerSettings Listener,
    CompletionVectorSettings CompletionVectors,
    InspectionSettings Inspection)
{
    /// <summary>The defaults of every key.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("smc.reference.conf", typeof(SmcSettings).Assembly);

    /// <summary>Parses a configuration as <see cref="SmcRuntime.StartAsync(string, CancellationToken)"/> does.</summary>
    /// <exception cref="ConfigurationException">The text is no HOCON; names the line where it is known.</exception>
    public static Config Parse(string hocon)
    {
        HoconBrackets.Check(hocon);
        try
        {
            return ConfigurationFactory.ParseString(hocon);
        }
        catch (Exception e) when (e is not ConfigurationException)
        {
            throw new ConfigurationException(e.Message, e);   // the parser says in many ways that it cannot read a text
        }
    }

    /// <summary>The section <c>smc</c>, defaults included.</summary>
    internal static Config SectionOf(Config config) => config.WithFallback(Reference).GetConfig(SmcKeys.Root);

    /// <summary>Reads and checks <c>smc</c>.</summary>
    /// <exception cref="ConfigurationException">Names the key, the value and what is allowed.</exception>
    public static SmcSettings From(Config config)
    {
        SmcKeys.CheckSections(config);
        Config smc = SectionOf(config);
        DispatcherKeys.Check(smc);
        var own = new SectionReader(smc);
        return new SmcSettings(
            own.Choice("negotiation", ("directory", Negotiation.Directory), ("always", Negotiation.Always), ("never", Negotiation.Never)),
            own.Duration("shutdown-timeout"),
            RendezvousSettings.From(smc),
            DirectorySettings.From(smc),
            HandshakeSettings.From(smc),
            FallbackSettings.From(smc),
            BufferSettings.From(smc),
            LinkGroupSettings.From(smc),
            WaitSettings.From(smc),
            ListenerSettings.From(smc),
            CompletionVectorSettings.From(smc),
            InspectionSettings.From(smc));
    }
}
