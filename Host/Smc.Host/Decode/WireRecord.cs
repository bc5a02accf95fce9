using System.Text.Json.Nodes;

namespace Smc.Host.Decode;

/// <summary>One message of a capture.</summary>
/// <param name="Frame">The frame in which it ends, from 1.</param>
/// <param name="Time">When that frame was captured: seconds since 1970.</param>
/// <param name="From">The sender: address and port.</param>
/// <param name="To">The receiver.</param>
/// <param name="Layer">CLC, LLC or CDC.</param>
/// <param name="Kind">The type of the message, in capitals.</param>
/// <param name="Response">Whether it answers a request; null where the layer has no such mark.</param>
/// <param name="Message">The bytes.</param>
/// <param name="Reencoded">What the encoder makes of what the decoder read; null when it is not valid.</param>
/// <param name="Error">The rule that it breaks; null when it is valid.</param>
/// <param name="Fields">What it says, by name; empty when it is not valid.</param>
/// <param name="Summary">The same in a few words.</param>
/// <param name="Note">What a reader should know of it in a line of its own; null for most.</param>
internal sealed record WireRecord(
    int Frame,
    decimal Time,
    string From,
    string To,
    string Layer,
    string Kind,
    bool? Response,
    byte[] Message,
    byte[]? Reencoded,
    string? Error,
    JsonObject Fields,
    string Summary,
    string? Note)
{
    public JsonObject ToJson() => new()
    {
        ["frame"] = Frame,
        ["time"] = Time,
        ["from"] = From,
        ["to"] = To,
        ["layer"] = Layer,
        ["kind"] = Kind,
        ["response"] = Response,
        ["length"] = Message.Length,
        ["hex"] = Convert.ToHexStringLower(Message),
        ["reencoded"] = Reencoded is null ? null : Convert.ToHexStringLower(Reencoded),
        ["error"] = Error,
        ["fields"] = Fields,
    };
}
