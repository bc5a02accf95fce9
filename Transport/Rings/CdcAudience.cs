namespace Smc.Transport.Rings;

/// <summary>Whom at the peer a change of word two concerns.</summary>
[Flags]
internal enum CdcAudience
{
    None = 0,
    Reader = 1,
    Writer = 2,
    Both = Reader | Writer,
}
