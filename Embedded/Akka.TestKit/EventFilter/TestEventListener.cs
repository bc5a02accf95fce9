using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit
{
    /// <summary>The logger of a system under test: it keeps what filters match out of the log.</summary>
    public class TestEventListener : DefaultLogger
    {
        private readonly List<Internal.EventFilter> _filters = [];

        protected override bool Receive(object message)
        {
            switch (message)
            {
                case InitializeLogger:
                    Context.System.EventStream.Subscribe(Self, typeof(TestEvent.Mute));
                    Context.System.EventStream.Subscribe(Self, typeof(TestEvent.Unmute));
                    Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
                    return base.Receive(message);
                case TestEvent.Mute mute:
                    _filters.Add(mute.Filter);
                    return true;
                case TestEvent.Unmute unmute:
                    _filters.Remove(unmute.Filter);
                    return true;
                case LogEvent logEvent:
                    return _filters.Exists(filter => filter.Apply(logEvent)) || base.Receive(message);
                case DeadLetter letter:
                    return Receive(new Warning(letter.Recipient.Path.ToString(), letter.Recipient.GetType(), letter)); // as a warning, filters can match it
                default:
                    return base.Receive(message);
            }
        }
    }
}

namespace Akka.TestKit.TestEvent
{
    internal sealed record Mute(Internal.EventFilter Filter) : INoSerializationVerificationNeeded;

    internal sealed record Unmute(Internal.EventFilter Filter) : INoSerializationVerificationNeeded;
}
