using System.Text.Json;

namespace Smc.Actors.Inspection.Reports;

/// <summary>Names of states, steps and ends as JSON has them, one way in every report: <c>server</c>, <c>look_up</c>, <c>peer_lost</c>.</summary>
internal static class JsonWord
{
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
