using System.Text.Json;
using System.Text.Json.Nodes;

namespace Smc.Actors.Inspection.Reports;

/// <summary>What the inspector answers: immutable, and the same for every window. A window chooses text or JSON and the width of its lines.</summary>
public abstract class SmcReport
{
    /// <summary>The width of a line where a window has no limit of its own (<c>-w</c>).</summary>
    public const int Unlimited = int.MaxValue;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default) { WriteIndented = true };

    /// <summary>True where the question could not be answered: the text says why, and a program ends with an exit code other than 0.</summary>
    public virtual bool IsError => false;

    /// <summary>The report as lines of at most <paramref name="width"/> characters, each ended by a line feed.</summary>
    public abstract string ToText(int width);

    /// <summary>The report as one JSON object.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The same, written out and ended by a line feed.</summary>
    public virtual string ToJsonText() => ToJson().ToJsonString(Indented) + "\n";
}
