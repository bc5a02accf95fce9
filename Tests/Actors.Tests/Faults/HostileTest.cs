using Actors.Tests.Harness;
using Smc.Transport.Memory;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>
/// A process that has gone through its handshake by the rules, as client or as server, does what it likes with the memory that it shares. Its own
/// connection ends with a name, or goes on where the word decides nothing; another process's connection with the same victim never notices.
/// </summary>
public abstract class HostileTest(ITestOutputHelper output) : RendezvousTest
{
    /// <summary>Where the test says what it found.</summary>
    protected ITestOutputHelper Output { get; } = output;

    /// <summary>Opens a connection with a hostile process, has it begin the first of its attacks, and checks at the end that all others went on.</summary>
    /// <param name="hostile">Which end it is.</param>
    /// <param name="attacks">What it does, one an order, with a plus between them.</param>
    /// <param name="suffer">What the victim does, and what becomes of it.</param>
    protected async Task AttackAsync(GroupSide hostile, string attacks, Func<HostilePair, Task> suffer)
    {
        int seed = Seed.Take(Output);
        Pair pair = await StartPairAsync();
        HostilePair opened = hostile == GroupSide.Client
            ? await HostilePair.OpenAsync(pair, args => ReadyAsync([.. args, FolderArgument]), attacks, seed)
            : await HostilePair.OpenServerAsync(pair, args => ServeAsync([.. args, FolderArgument]), attacks, seed);
        await opened.Peer.TellAsync("attack");
        await suffer(opened);
        await opened.EndAsync();
    }

    /// <summary>Has the hostile process do its next attack, and waits until it has.</summary>
    protected static async Task NextAsync(HostilePair hostile, string attack)
    {
        await hostile.Peer.TellAsync("attack");
        await hostile.Peer.LineAsync($"attacked {attack}", since: 0);
    }
}
