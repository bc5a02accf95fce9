namespace Smc.Transport.Wire.Rendezvous;

/// <summary>Control frames, network byte order. | magic | version | type | length of the whole frame | body of the type |</summary>
internal static class ControlLayout
{
    public const uint MagicValue = 0x534D_4341; // "SMCA"
    public const byte VersionValue = 1;

    public const int Magic = 0;
    public const int Version = Magic + sizeof(uint);
    public const int Type = Version + sizeof(byte);
    public const int FrameLength = Type + sizeof(byte);
    public const int Body = FrameLength + sizeof(ushort);

    /// <summary>The length of each type's frame; 0 for a type that does not exist.</summary>
    public static int LengthOf(ControlType type) => type switch
    {
        ControlType.Hello => Hello.Length,
        ControlType.Announce => Announce.Length,
        ControlType.Matched => Matched.Length,
        ControlType.Cancel => Cancel.Length,
        ControlType.OfferSlab => OfferSlab.Length,
        ControlType.Mapped => Mapped.Length,
        ControlType.Refused => Refused.Length,
        ControlType.Register => Register.Length,
        ControlType.Detach => Detach.Length,
        ControlType.DeleteGroup => DeleteGroup.Length,
        _ => 0,
    };

    /// <summary>| gid | network namespace cookie | features | reserved |</summary>
    public static class Hello
    {
        public const int Gid = Body;
        public const int Cookie = Gid + SmcGid.Size;
        public const int Features = Cookie + sizeof(ulong);
        public const int Reserved = Features + sizeof(uint);
        public const int Length = Reserved + sizeof(uint);
    }

    /// <summary>| nonce | client end point | server end point |</summary>
    public static class Announce
    {
        public const int Nonce = Body;
        public const int Client = Nonce + sizeof(ulong);
        public const int Server = Client + EndPointLayout.Length;
        public const int Length = Server + EndPointLayout.Length;
    }

    /// <summary>| nonce |</summary>
    public static class Matched
    {
        public const int Nonce = Body;
        public const int Length = Nonce + sizeof(ulong);
    }

    /// <summary>| nonce | reason |</summary>
    public static class Cancel
    {
        public const int Nonce = Body;
        public const int Reason = Nonce + sizeof(ulong);
        public const int Length = Reason + sizeof(uint);
    }

    /// <summary>| group | slab | kind | size code | count | bytes |</summary>
    public static class OfferSlab
    {
        public const byte MaxSizeCode = 6;

        public const int Group = Body;
        public const int Slab = Group + sizeof(uint);
        public const int Kind = Slab + sizeof(uint);
        public const int SizeCode = Kind + sizeof(byte);
        public const int Count = SizeCode + sizeof(byte);
        public const int Bytes = Count + sizeof(ushort);
        public const int Length = Bytes + sizeof(ulong);
    }

    /// <summary>| group | slab |</summary>
    public static class Mapped
    {
        public const int Group = Body;
        public const int Slab = Group + sizeof(uint);
        public const int Length = Slab + sizeof(uint);
    }

    /// <summary>| group | slab | reason |</summary>
    public static class Refused
    {
        public const int Group = Body;
        public const int Slab = Group + sizeof(uint);
        public const int Reason = Slab + sizeof(uint);
        public const int Length = Reason + sizeof(uint);
    }

    /// <summary>| nonce | token | group | slab | index | slot | reserved |</summary>
    public static class Register
    {
        public const int Nonce = Body;
        public const int Token = Nonce + sizeof(ulong);
        public const int Group = Token + sizeof(ulong);
        public const int Slab = Group + sizeof(uint);
        public const int Index = Slab + sizeof(uint);
        public const int Slot = Index + sizeof(ushort);
        public const int Reserved = Slot + sizeof(ushort);
        public const int Length = Reserved + sizeof(uint);
    }

    /// <summary>| group | token |, of Detach.</summary>
    public static class Detach
    {
        public const int Group = Body;
        public const int Token = Group + sizeof(uint);
        public const int Length = Token + sizeof(ulong);
    }

    /// <summary>| group | reason |</summary>
    public static class DeleteGroup
    {
        public const int Group = Body;
        public const int Reason = Group + sizeof(uint);
        public const int Length = Reason + sizeof(uint);
    }
}
