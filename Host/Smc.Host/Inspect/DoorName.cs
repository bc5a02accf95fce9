using Smc.Transport.Interop.Linux;

namespace Smc.Host.Inspect;

/// <summary>What a door is called: the name of its file, 32 hexadecimal digits at random.</summary>
internal static class DoorName
{
    /// <summary>Digits that tell a user's doors apart.</summary>
    private const int BriefDigits = 8;

    public static string Of(string path) => Path.GetFileName(path)[..^LocalDoor.Suffix.Length];

    public static string Brief(string name) => name.Length > BriefDigits ? name[..BriefDigits] : name;
}
