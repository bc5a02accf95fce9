using System.Globalization;
using System.Text.Json;
using Smc.Actors.Protocol;
using Smc.Transport;

namespace Smc.Actors.Inspection.Reports;

/// <summary>One column of a table: its header, how a row's cell reads, and the name and value of the same thing in JSON.</summary>
/// <param name="Header">Above the cells; one that starts with &gt; is aligned to the right.</param>
/// <param name="Json">The property's name.</param>
/// <param name="Text">The cell.</param>
/// <param name="Write">Writes the property's value, in base units: bytes, seconds, counts. A table may have thousands of rows: no node is made of it first.</param>
public sealed record Column<T>(string Header, string Json, Func<T, string> Text, Action<Utf8JsonWriter, T> Write)
{
    /// <summary>Where lines are short the column of the highest rank goes first; one of rank 0 stays.</summary>
    public int Rank { get; init; }

    /// <summary>True for a column that only <c>-w</c> shows, and JSON.</summary>
    public bool IsWide { get; init; }

    /// <summary>True for a column that only JSON has.</summary>
    public bool IsForJson { get; init; }
}

/// <summary>Columns of the usual kinds.</summary>
public static class Column
{
    /// <summary>Text; empty shows as a dash, and is null in JSON.</summary>
    public static Column<T> Of<T>(string header, string json, Func<T, string> text) =>
        new(header, json, row => text(row) is { Length: > 0 } cell ? cell : ReportText.Nothing, (writer, row) => WriteText(writer, text(row)));

    /// <summary>A count.</summary>
    public static Column<T> Count<T>(string header, string json, Func<T, long> count) =>
        new(">" + header, json, row => ReportText.Count(count(row)), (writer, row) => writer.WriteNumberValue(count(row)));

    /// <summary>A number that may be missing: it shows as <paramref name="none"/> then, and is null in JSON.</summary>
    public static Column<T> Number<T>(string header, string json, Func<T, long?> number, string none = ReportText.Nothing) => new(
        header,
        json,
        row => number(row) is { } value ? ReportText.Count(value) : none,
        (writer, row) => WriteNumber(writer, number(row)));

    /// <summary>Yes or No; in JSON true or false.</summary>
    public static Column<T> Flag<T>(string header, string json, Func<T, bool> flag) =>
        new(header, json, row => flag(row) ? "Yes" : "No", (writer, row) => writer.WriteBooleanValue(flag(row)));

    /// <summary>This process's role by the word of the SMC tools; in JSON as everywhere there, server or client.</summary>
    internal static Column<T> Role<T>(string header, string json, Func<T, ConnectionRole?> role) => new(
        header,
        json,
        row => role(row) switch
        {
            ConnectionRole.Server => "SERV",
            ConnectionRole.Client => "CLNT",
            _ => ReportText.Nothing,
        },
        (writer, row) => WriteText(writer, role(row) is { } known ? JsonWord.Of(known) : null));

    /// <summary>Bytes; in JSON the number.</summary>
    public static Column<T> Bytes<T>(string header, string json, Func<T, long> bytes) =>
        new(">" + header, json, row => ReportText.Size(bytes(row)), (writer, row) => writer.WriteNumberValue(bytes(row)));

    /// <summary>A span of time; in JSON its seconds.</summary>
    public static Column<T> Age<T>(string header, string json, Func<T, TimeSpan> age) =>
        new(">" + header, json, row => ReportText.Age(age(row)), (writer, row) => writer.WriteNumberValue(Math.Round(age(row).TotalSeconds, 3)));

    /// <summary>How long ago something was; in JSON the moment itself, UTC. Null shows as a dash.</summary>
    public static Column<T> Ago<T>(string header, string json, DateTime now, Func<T, DateTime?> when) => new(
        ">" + header,
        json,
        row => when(row) is { } then ? ReportText.Age(now - then) + " ago" : ReportText.Nothing,
        (writer, row) => WriteText(writer, when(row)?.ToString("O", CultureInfo.InvariantCulture)));

    /// <summary>A mode, as smcss prints it.</summary>
    public static Column<T> Mode<T>(string header, string json, Func<T, SmcMode> mode) => Of<T>(header, json, row => ReportText.ModeCode(mode(row)));

    /// <summary>A reason by its code; in JSON too.</summary>
    public static Column<T> Code<T>(string header, string json, Func<T, SmcReason> reason) =>
        Of<T>(header, json, row => reason(row) == SmcReason.None ? string.Empty : ReportText.Code(reason(row)));

    /// <summary>A text; null where there is none.</summary>
    internal static void WriteText(Utf8JsonWriter writer, string? text)
    {
        if (text is { Length: > 0 }) writer.WriteStringValue(text);
        else writer.WriteNullValue();
    }

    /// <summary>A number; null where there is none.</summary>
    internal static void WriteNumber(Utf8JsonWriter writer, double? number)
    {
        if (number is { } value) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}
