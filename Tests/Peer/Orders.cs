using System.Globalization;
using Smc.Peer.Faults;

namespace Smc.Peer;

/// <summary>Lines from the one who started this process. When they end, so does this process: nobody would end it otherwise.</summary>
internal static class Orders
{
    public static async Task ObeyAsync(Role role)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "connect":
                    role.Connect();
                    break;
                case "attack":
                    role.Attack();
                    break;
                case "inspect":
                    await role.InspectAsync(string.Join(' ', words[1..]));
                    break;
                case "attacks":
                    Say.Line($"attacks {Hostile.Attacks.Count}");   // so far, of an attack that goes on
                    break;
                case "descriptors":
                    // This many more than there are now.
                    Say.Line($"descriptors {DescriptorLimit.Leave(int.Parse(words[1], CultureInfo.InvariantCulture))}");
                    break;
                case "nomemory":
                    // By what call, and for how many bytes or more.
                    MemoryShortage.Begin(words[1], uint.Parse(words[2], CultureInfo.InvariantCulture));
                    Say.Line($"nomemory");
                    break;
                case "die":
                    Death.Now();
                    break;
                case "quit":
                    return;
                default:
                    Say.Line($"unknown order: {line}");
                    break;
            }
        }

        Death.Now();
    }
}
