using System.Net;
using Actors.Tests.Harness;

namespace Actors.Tests.Places;

/// <summary>A process dies, and another gets its number before anybody has noticed.</summary>
public sealed class ReusedProcessIdTests : RendezvousTest
{
    [PrivilegedTheory]
    [InlineData("serve", "open SmcD None", 1)]
    [InlineData("tcp-serve", "open Tcp PeerNoSmc", 0)]
    public async Task The_dead_is_known_by_what_it_held_and_the_one_with_its_number_by_what_it_says(string successorKind, string opened, int entries)
    {
        await using ProcessNamespace place = await ProcessNamespace.StartAsync();   // gone before the peers are waited for, whose pipes it holds
        (PeerProcess victim, int number) = await place.StartPeerAsync("serve", "sink", FolderArgument);
        IPEndPoint at = EndPointOf(await Own(victim).LineAsync("listening"));
        (PeerProcess survivor, int survivorNumber) = await place.StartPeerAsync("connect", "source", FolderArgument, $"at={at}");
        await Own(survivor).LineAsync("ready");
        await survivor.TellAsync("connect");
        Assert.Equal("open SmcD None", await survivor.LineAsync("open"));
        string entry = Assert.Single(Directory.GetFiles(Folder, "*.entry"));

        await place.StopAsync(survivor, survivorNumber);
        await victim.TellAsync("die");
        await victim.EndedAsync();
        PeerProcess successor = Own(await place.StartPeerAsync(number, successorKind, "sink", FolderArgument, $"at={at}"));
        await successor.LineAsync("listening");
        await survivor.SignalAsync("CONT");
        Assert.StartsWith("failed ConnectionReset", await survivor.LineAsync("failed", "done"), StringComparison.Ordinal);

        await survivor.TellAsync("connect");
        Assert.Equal(opened, await survivor.LineAsync("open"));
        Assert.StartsWith("open", await successor.LineAsync("open"), StringComparison.Ordinal);
        Assert.False(File.Exists(entry));
        Assert.Equal(entries, Directory.GetFiles(Folder, "*.entry").Length);
    }

    private static IPEndPoint EndPointOf(string listening) => IPEndPoint.Parse(listening.Split(' ')[1]);
}
