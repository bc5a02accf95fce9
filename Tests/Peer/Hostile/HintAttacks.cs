using Smc.Transport.Memory;
using Smc.Transport.Waiting;

namespace Smc.Peer.Hostile;

/// <summary>Words that decide nothing: announcements, bells, the header of the control region.</summary>
internal static unsafe class HintAttacks
{
    public static readonly Dictionary<string, Action<HostileMemory, int>> All = new()
    {
        ["announcements"] = (end, seed) => Attacks.WhileStreaming(end, seed, random =>
        {
            foreach (GroupSide side in new[] { GroupSide.Server, GroupSide.Client })
            {
                *end.Control.Reader(side, end.Slot) = random.Next();
                *end.Control.Writer(side, end.Slot) = random.Next(8);
                *end.Control.Seen(side, end.Slot) = random.NextInt64();
            }
        }),
        ["debts"] = (end, seed) => Attacks.WhileStreaming(end, seed, random =>
        {
            *end.Control.Seen(end.Own, end.Slot) = random.NextInt64(Attacks.Stream);
            Volatile.Write(ref *end.Control.Reader(end.Own, end.Slot), SleepWord.Owed | random.Next(4));
            Interlocked.Or(ref *end.Control.Reader(end.Victim, end.Slot), SleepWord.Owed);
        }),
        ["asks"] = (end, _) => Attacks.Flood(() =>
        {
            Volatile.Write(ref *end.Control.Reader(end.Own, end.Slot), SleepWord.Owed | SleepWord.Callback);
            end.RingBell();   // its answers ring a wake thread that this process does not have
        }),
        ["startles"] = (end, _) => Attacks.Flood(() =>
        {
            end.TakeSleepers();
            end.RingBell();
        }),
        ["rings"] = (end, _) => Attacks.Flood(() =>
        {
            for (int slot = 0; slot < ControlLayout.Slots; slot++) new PeerBell(end.Control, end.Victim).Ring(slot);
        }),
        ["bells"] = (end, seed) => Attacks.WhileStreaming(end, seed, random =>
        {
            *end.Control.Bell(end.Victim) = random.Next(4);
            for (int word = 0; word < ControlLayout.BitmapWords; word++) end.Control.Bitmap(end.Victim)[word] = ulong.MaxValue;
            end.RingBell();
        }),
        ["header"] = (end, seed) => Attacks.WhileStreaming(end, seed, random =>
        {
            byte* header = (byte*)end.Control.Bell(GroupSide.Server) - ControlLayout.SidesOffset;
            header[random.Next(ControlLayout.SidesOffset)] = (byte)random.Next(256);
        }),
        ["never-rings"] = (end, seed) => end.Produce(SeededBytes.Take(Attacks.Honest, seed)),
    };
}
