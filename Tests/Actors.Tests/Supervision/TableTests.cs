using System.Text.RegularExpressions;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Protocol;

namespace Actors.Tests.Supervision;

/// <summary>Nothing is left out: of the crashes, and of what Actors/README.md says about them.</summary>
public sealed partial class TableTests
{
    [Fact]
    public void The_README_has_a_row_for_every_actor_and_for_no_other()
    {
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Actors.README.md"));
        Assert.Equal(HandledMessages.Actors.Select(actor => actor.Name), FirstCells().Matches(readme).Select(row => row.Groups[1].Value).Order());
    }

    [Fact]
    public void Every_message_of_every_actor_and_its_beginning_has_a_crash()
    {
        IEnumerable<string> all = HandledMessages.Actors.SelectMany(
            actor => HandledMessages.Of(actor).Concat([CrashPlan.Constructor, CrashPlan.Start]).Select(message => $"{actor.Name} {message.Name}"));
        IEnumerable<string> root = new[] { CrashPlan.Constructor, CrashPlan.Start }.Select(beginning => $"{nameof(SmcSupervisor)} {beginning.Name}");   // see BeginTests
        Assert.Equal(all.Except(root).Order(), CrashTable.All.Select(crash => $"{crash.Actor} {crash.Message}").Distinct().Order());
    }

    [Fact]
    public void Every_message_of_a_protocol_is_handled_by_an_actor()
    {
        var handled = HandledMessages.Actors.SelectMany(HandledMessages.Of).ToHashSet();
        IEnumerable<Type> messages = typeof(SmcRuntime).Assembly.GetTypes().Where(
            type => type is { Namespace: "Smc.Actors.Protocol", IsInterface: false } && typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type)
            && !typeof(RuntimeEvents.RuntimeEvent).IsAssignableFrom(type));   // those are for whoever subscribes
        Assert.DoesNotContain(messages, message => !handled.Contains(message));
    }

    /// <summary>The first cell of a row of the table, where it names a class.</summary>
    [GeneratedRegex(@"^\| ([A-Z]\w+) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCells();
}
