using Akka.Configuration;

namespace Akka.Actor.Internal;

/// <summary>
/// The section akka.actor.deployment: by path below /user, what dispatcher and mailbox the actor there gets, whatever its props say.
/// An element <c>*</c> stands for any name, <c>**</c> at the end for any number of them; the first that fits counts, exact ones before.
/// </summary>
internal sealed class Deployer
{
    private readonly (string[] Path, string Dispatcher, string Mailbox)[] _deployments;

    public Deployer(Config? deployment) => _deployments =
    [
        .. (deployment?.AsEnumerable() ?? [])
            .Where(entry => entry.Key.StartsWith('/') && entry.Value.IsObject())
            .Select(entry => (Path: entry.Key.Split('/', StringSplitOptions.RemoveEmptyEntries), Section: entry.Value.ToConfig()))
            .Select(entry => (entry.Path, entry.Section.GetString("dispatcher", ""), entry.Section.GetString("mailbox", "")))
            .OrderBy(entry => entry.Path.Count(element => element[0] == '*')),
    ];

    public Props Apply(Props props, ActorPath parent, string name)
    {
        foreach (var (path, dispatcher, mailbox) in _deployments)
        {
            if (Fits(path, [.. parent.Elements.Skip(1), name]) && parent.Elements is ["user", ..])
            {
                props = dispatcher.Length > 0 ? props.WithDispatcher(dispatcher) : props;
                return mailbox.Length > 0 ? props.WithMailbox(mailbox) : props;
            }
        }
        return props;
    }

    private static bool Fits(string[] pattern, string[] path)
    {
        bool isOpen = pattern is [.., "**"];
        if (isOpen ? path.Length < pattern.Length : path.Length != pattern.Length)
        {
            return false;
        }
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is not ("*" or "**") && pattern[i] != path[i])
            {
                return false;
            }
        }
        return true;
    }
}
