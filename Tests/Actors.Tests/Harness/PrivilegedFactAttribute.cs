using System.Globalization;

namespace Actors.Tests.Harness;

/// <summary>A test that needs rights which an ordinary user does not have: to make network namespaces, or to become somebody else. Where the
/// process has none of them the test is reported as not run, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrivilegedFactAttribute : FactAttribute
{
    public PrivilegedFactAttribute() => Skip = Privileges.Missing;
}

/// <inheritdoc cref="PrivilegedFactAttribute" />
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrivilegedTheoryAttribute : TheoryAttribute
{
    public PrivilegedTheoryAttribute() => Skip = Privileges.Missing;
}

/// <summary>What this process may do.</summary>
internal static class Privileges
{
    private const string Effective = "CapEff:";
    private const int ChangeOwner = 0;
    private const int SetUserId = 7;
    private const int NetworkAdministration = 12;
    private const int SystemAdministration = 21;
    private const ulong Needed = (1ul << ChangeOwner) | (1ul << SetUserId) | (1ul << NetworkAdministration) | (1ul << SystemAdministration);

    /// <summary>What is missing, in words, or null.</summary>
    public static string? Missing { get; } =
        (Read() & Needed) == Needed ? null : "needs CAP_CHOWN, CAP_SETUID, CAP_NET_ADMIN and CAP_SYS_ADMIN: run as root";

    private static ulong Read() => ulong.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(Effective, StringComparison.Ordinal)).AsSpan(Effective.Length).Trim(),
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);
}
