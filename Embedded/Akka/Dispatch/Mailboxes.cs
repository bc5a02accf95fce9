using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Makes the message queues of actors; named by <c>mailbox-type</c>, and constructed with settings and that section.</summary>
public abstract class MailboxType(Settings settings, Config config)
{
    protected readonly Settings Settings = settings;
    protected readonly Config Config = config;

    public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);
}

public sealed class UnboundedMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
}

/// <summary>Takes <c>mailbox-capacity</c> messages; who finds it full waits for <c>mailbox-push-timeout-time</c> at most.</summary>
public sealed class BoundedMailbox : MailboxType
{
    public BoundedMailbox(Settings settings, Config config) : base(settings, config)
    {
        Capacity = config.GetInt("mailbox-capacity");
        PushTimeout = config.GetTimeSpan("mailbox-push-timeout-time");
        if (Capacity <= 0)
        {
            throw new ArgumentException($"mailbox-capacity must be positive, was {Capacity}", nameof(config));
        }
    }

    public int Capacity { get; }
    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(Capacity, PushTimeout);
}

/// <summary>The lowest number first; the order of those of equal numbers is not to be relied on.</summary>
public abstract class UnboundedPriorityMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new PriorityMessageQueue(PriorityGenerator);

    protected abstract int PriorityGenerator(object message);
}

/// <summary>The mailbox types of a system by their path in the configuration.</summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MailboxType> _types = [];

    public Mailboxes(ActorSystem system)
    {
        _system = system;
        DeadLetters = new DeadLetterQueue(system.DeadLetters);
    }

    internal IMessageQueue DeadLetters { get; }

    public MailboxType Lookup(string id) => _types.GetOrAdd(id, Configure);

    /// <summary>What the props name, else what the dispatcher's configuration names, else the default.</summary>
    public MailboxType GetMailboxType(Props props, Config dispatcherConfig) => props.Mailbox is { Length: > 0 } own
        ? Lookup(own)
        : Lookup(dispatcherConfig.HasPath("mailbox-type") ? dispatcherConfig.GetString("id") : DefaultMailboxId);

    private MailboxType Configure(string id)
    {
        var config = _system.Settings.Config;
        if (!config.HasPath(id))
        {
            throw new ConfigurationException($"Mailbox Type [{id}] not configured.");
        }
        config = config.GetConfig(id).SafeWithFallback(config.GetConfig(DefaultMailboxId));
        return TypeName.Create<MailboxType>(config.GetString("mailbox-type"), _system.Settings, config);
    }
}
