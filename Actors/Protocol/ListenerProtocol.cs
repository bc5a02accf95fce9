using System.Net;
using Akka.Actor;
using Akka.Event;
using Smc.Transport;

namespace Smc.Actors.Protocol;

/// <summary>What listeners hear.</summary>
public static class ListenerProtocol
{
    /// <summary>Opens a listener for a caller outside.</summary>
    public sealed record Listen(IPEndPoint EndPoint, TaskCompletionSource<ISmcListener> Promise) : INoSerializationVerificationNeeded;

    /// <summary>To the listener's actor: hands the listener out once its endpoint is published.</summary>
    public sealed record Listening(ISmcListener Listener, TaskCompletionSource<ISmcListener> Promise) : INoSerializationVerificationNeeded;

    /// <summary>The device has come up or gone down; its owner says which.</summary>
    public sealed record DeviceChanged : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        /// <summary>The one instance.</summary>
        public static readonly DeviceChanged Instance = new();
    }

    /// <summary>Somebody took a connection from the queue.</summary>
    public sealed record Taken : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        /// <summary>The one instance.</summary>
        public static readonly Taken Instance = new();
    }

    /// <summary>Accepts again after a failure.</summary>
    public sealed record Retry : INoSerializationVerificationNeeded
    {
        /// <summary>The one instance.</summary>
        public static readonly Retry Instance = new();
    }
}
