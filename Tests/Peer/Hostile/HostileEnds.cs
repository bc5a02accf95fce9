using System.Net;
using System.Net.Sockets;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Hostile;

/// <summary>An end that goes through the handshake by the rules, and then has both ends' memory in its hands.</summary>
internal interface IHostileEnd : IDisposable
{
    /// <summary>What both have offered.</summary>
    OfferBook Book { get; }

    /// <summary>Its TCP connection.</summary>
    Socket Socket { get; }

    /// <summary>Opens the connection.</summary>
    Task<HostileMemory> OpenAsync();

    /// <summary>Offers memory of the shape of another offer, under a number of its own.</summary>
    /// <returns>What the victim makes of it.</returns>
    Task<SmcReason> OfferAsync(uint slab, MappedOffer memory);
}

/// <summary>A client.</summary>
internal sealed class HostileClient(string folder, IPEndPoint server) : ScriptedClient(folder, server), IHostileEnd
{
    public OfferBook Book { get; } = new();

    public async Task<HostileMemory> OpenAsync()
    {
        await BeginAsync();
        Propose();
        await ReadAcceptAsync();
        ulong token = await OfferDmbAsync();
        await MappedAsync();
        HostileMemory memory = Book.Find(GroupSide.Client, OwnDmb, await RegisteredAsync());
        Confirm(token);
        return memory;
    }

    public Task<SmcReason> OfferAsync(uint slab, MappedOffer memory)
    {
        Session.Send(memory.Offer with { Slab = slab }, memory.Reopen());
        return AnswerAsync(slab);
    }

    protected override void Take(OfferSlab offer, FileDescriptor descriptor) => Book.Take(offer, descriptor);

    protected override void Offering(OfferSlab offer, FileDescriptor descriptor) => Book.Keep(offer, descriptor);

    protected override void Close() => Book.Dispose();
}

/// <summary>A server of one connection.</summary>
internal sealed class HostileServer(string folder) : ScriptedServer(folder), IHostileEnd
{
    public OfferBook Book { get; } = new();

    public async Task<HostileMemory> OpenAsync()
    {
        await AcceptConnectionAsync();
        Match();
        await ReadClcAsync();
        OfferGroup();
        OfferDmb();
        SendAccept();
        await ReadClcAsync();   // Confirm: the victim has registered its DMB before
        return Book.Find(GroupSide.Server, OwnDmb, await RegisteredAsync());
    }

    public Task<SmcReason> OfferAsync(uint slab, MappedOffer memory)
    {
        Session.Send(memory.Offer with { Slab = slab }, memory.Reopen());
        return AnswerAsync(slab);
    }

    protected override void Take(OfferSlab offer, FileDescriptor descriptor) => Book.Take(offer, descriptor);

    protected override void Offering(OfferSlab offer, FileDescriptor descriptor) => Book.Keep(offer, descriptor);

    protected override void Close()
    {
        base.Close();
        Book.Dispose();
    }
}
