using System.IO.Enumeration;
using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>
/// A path to walk with each message: it reaches whoever lives there at that moment. Elements may be <c>..</c> or hold the
/// wildcards <c>*</c> and <c>?</c>.
/// </summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) { }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = [.. elements];
    }

    public IActorRef Anchor { get; }
    public string PathString => "/" + string.Join('/', _elements);

    public void Tell(object message, IActorRef? sender = null)
    {
        var anchor = (IInternalActorRef)Anchor;
        sender ??= ActorCell.Current?.Self;
        var targets = Walk(anchor, out bool fansOut);
        foreach (var target in targets)
        {
            target.Tell(message, sender);
        }
        if (targets.Count == 0 && !fansOut && anchor.System is { } system)
        {
            new EmptyLocalActorRef(system, Anchor.Path / _elements).Tell(message, sender);
        }
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The actor at the path; <see cref="ActorNotFoundException"/> if there is none or it does not answer in time.</summary>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("subject was null");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException("Exception occurred while resolving ActorSelection", e);
        }
    }

    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && PathString == other.PathString;
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    private static bool IsWildcard(string element) => element.AsSpan().ContainsAny('*', '?');

    /// <summary>Whoever lives there. What fans out on the way there, at a wildcard before the last element, may reach nobody in silence.</summary>
    private List<IInternalActorRef> Walk(IInternalActorRef anchor, out bool fansOut)
    {
        List<IInternalActorRef> reached = [anchor];
        fansOut = false;
        foreach (string element in _elements)
        {
            fansOut |= reached.Count > 1;
            reached = [.. reached.SelectMany(from => Step(from, element))];
        }
        return reached;
    }

    private static IEnumerable<IInternalActorRef> Step(IInternalActorRef from, string element)
    {
        if (IsWildcard(element))
        {
            return from.Children.Where(child => FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false));
        }
        var next = element == ".." ? from.Parent : from.GetSingleChild(element);
        return next is null ? [] : [next];
    }
}

public static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system) =>
        new(((ActorSystemImpl)system).Root, actorPath.Elements);

    /// <summary>Absolute paths start at the root, with or without address; relative ones at <paramref name="lookupRoot"/>.</summary>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        if (ActorPath.TryParse(path, out var full))
        {
            return ActorSelection(full, system);
        }
        return path.StartsWith('/') ? new ActorSelection(((ActorSystemImpl)system).Root, path) : new ActorSelection(lookupRoot, path);
    }

    public static ActorSelection ActorSelection(IActorRef anchorActorRef, string path) => new(anchorActorRef, path);
}
