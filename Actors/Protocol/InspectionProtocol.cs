using Akka.Actor;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;

namespace Smc.Actors.Protocol;

/// <summary>Between a window and the inspector.</summary>
public static class InspectionProtocol
{
    /// <summary>Asks. The sender gets <see cref="Answer"/>s, the last of which is final.</summary>
    /// <param name="Request">A command and its arguments.</param>
    public sealed record Inquire(SmcRequest Request) : INoSerializationVerificationNeeded
    {
        /// <summary>Who asks.</summary>
        public InspectionViewer Viewer { get; init; } = InspectionViewer.Program;
    }

    /// <summary>One report.</summary>
    /// <param name="Report">Immutable.</param>
    /// <param name="IsFinal">False where more is to come.</param>
    public sealed record Answer(SmcReport Report, bool IsFinal) : INoSerializationVerificationNeeded;

    /// <summary>To the sender of an answer that is not final: the window has shown it, and takes another.</summary>
    public sealed record Taken : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly Taken Instance = new();
    }

    /// <summary>To the sender of an answer that is not final: the window wants no more; a final one follows.</summary>
    public sealed record Enough : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly Enough Instance = new();
    }
}
