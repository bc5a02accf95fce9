using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Smc.Actors.Inspection.Reports;

/// <summary>What the inspector answers: immutable, and the same for every window. A window chooses text or JSON and the width of its lines.</summary>
public abstract class SmcReport
{
    /// <summary>The width of a line where a window has no limit of its own (<c>-w</c>).</summary>
    public const int Unlimited = int.MaxValue;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private Rendered? _text;
    private Rendered? _json;

    /// <summary>True where the question could not be answered: the text says why, and a program ends with an exit code other than 0.</summary>
    public virtual bool IsError => false;

    /// <summary>The report as lines of at most <paramref name="width"/> characters, each ended by a line feed.</summary>
    public abstract string ToText(int width);

    /// <summary>The report as one JSON object.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The same, written out and ended by a line feed.</summary>
    public string ToJsonText() => Encoding.UTF8.GetString(ToJsonBytes());

    /// <summary>The same in UTF-8, as a window of bytes has it.</summary>
    protected virtual ReadOnlySequence<byte> ToJsonBytes()
    {
        var bytes = new ReportBytes();
        using (var writer = new Utf8JsonWriter(bytes, Indented)) WriteJson(writer);
        bytes.Write("\n"u8);
        return bytes.ToSequence();
    }

    /// <summary>The lines, or the JSON, in UTF-8. What several windows ask for alike is made once; two that ask in the same moment may make it twice.</summary>
    /// <param name="asJson">JSON.</param>
    /// <param name="width">Of a line of text.</param>
    public ReadOnlySequence<byte> ToUtf8(bool asJson, int width)
    {
        ref Rendered? known = ref (asJson ? ref _json : ref _text);
        if (Volatile.Read(ref known) is { } made && (asJson || made.Width == width)) return made.Bytes;   // SYNC rendered: pairs with the write below; the object is immutable
        var own = new Rendered(width, asJson ? ToJsonBytes() : ReportBytes.Of(ToText(width)));
        Volatile.Write(ref known, own);   // SYNC rendered: several may write, each what is right
        return own.Bytes;
    }

    /// <summary>Writes the JSON object.</summary>
    protected virtual void WriteJson(Utf8JsonWriter writer) => ToJson().WriteTo(writer);

    private sealed record Rendered(int Width, ReadOnlySequence<byte> Bytes);
}
