using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;
using Smc.Host.Decode;

namespace Smc.Host.Commands;

/// <summary><c>smc decode</c>: the SMC messages of a packet capture.</summary>
internal static class DecodeCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default) { WriteIndented = true };

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A capture in pcap format, as tcpdump -w writes it." };
        var json = new Option<bool>("--json")
        {
            Description = "Print an array of records: frame, time, from, to, layer, kind, response, length, hex, reencoded, error, fields.",
        };
        const string what = "Print the CLC messages of a packet capture. Exit code: 1 for a file that cannot be read to its end.";
        var command = new Command("decode", what) { file, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<WireRecord> records = Read(parsed.GetValue(file)!);
            Console.Write(parsed.GetValue(json) ? Json(records) : Table(records));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<WireRecord> Read(string path)
    {
        if (Directory.Exists(path)) throw CommandFailure.Failed($"{path} is a folder.");
        using var capture = new PcapReader(File.OpenRead(path), path);
        return CaptureDecoder.Decode(capture);
    }

    private static string Json(IReadOnlyList<WireRecord> records) =>
        new JsonArray([.. records.Select(record => (JsonNode)record.ToJson())]).ToJsonString(Indented) + "\n";

    private static string Table(IReadOnlyList<WireRecord> records)
    {
        if (records.Count == 0) return "no SMC messages\n";
        var table = new TextTable(">frame", "from", "to", "layer", "kind", ">bytes", "says");
        foreach (WireRecord r in records) table.Add($"{r.Frame}", r.From, r.To, r.Layer, r.Kind, $"{r.Message.Length}", r.Summary);
        return table + string.Concat(records.Select(r => r.Note).OfType<string>().Distinct().Select(note => note + "\n"));
    }
}
