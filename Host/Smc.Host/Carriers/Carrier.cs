namespace Smc.Host.Carriers;

/// <summary>Listens and connects over one kind of carrier, so that ours and its rivals run through the same program code.</summary>
internal abstract class Carrier : IAsyncDisposable
{
    public static async Task<Carrier> StartAsync(CarrierSettings settings, CancellationToken ct) =>
        settings.Over == Over.Smc ? await SmcCarrier.StartAsync(settings, ct) : new SocketCarrier(settings);

    /// <param name="at">An endpoint, or for <see cref="Over.Uds"/> the path of the socket.</param>
    /// <param name="ct">Ends the attempt.</param>
    public abstract ValueTask<CarrierListener> ListenAsync(string at, CancellationToken ct);

    /// <inheritdoc cref="ListenAsync"/>
    public abstract ValueTask<Connection> ConnectAsync(string at, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One endpoint that is listened on.</summary>
internal abstract class CarrierListener : IAsyncDisposable
{
    /// <summary>What a client on this host gives to <see cref="Carrier.ConnectAsync"/>.</summary>
    public abstract string Address { get; }

    public abstract ValueTask<Connection> AcceptAsync(CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One connection, and what it turned out to run on.</summary>
internal abstract class Connection : IAsyncDisposable
{
    public abstract Stream Stream { get; }

    /// <summary>SMC-D, SMC-R, TCP or UDS.</summary>
    public abstract string Mode { get; }

    /// <summary>Why an SMC connection runs on TCP; null for shared memory and for plain sockets.</summary>
    public virtual string? Fallback => null;

    public abstract string Peer { get; }

    /// <summary>Tells the peer that no more bytes follow; reading goes on.</summary>
    public abstract void ShutdownWrite();

    /// <summary>Sends at once what Nagle's algorithm holds back; nothing to do for other carriers.</summary>
    public virtual void Push() { }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
