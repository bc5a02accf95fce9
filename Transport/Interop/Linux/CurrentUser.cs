namespace Smc.Transport.Interop.Linux;

/// <summary>Who this process is to the kernel.</summary>
public static class CurrentUser
{
    /// <summary>The effective user id; 0 where there is no such thing.</summary>
    public static uint Id => OperatingSystem.IsWindows() ? 0 : Libc.GetEffectiveUserId();
}
