using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor.Internal;

/// <summary>A child and its recent failures.</summary>
internal sealed class ChildRestartStats(IInternalActorRef child)
{
    private int _restarts;
    private long? _windowStart;

    public IInternalActorRef Child { get; } = child;

    /// <summary>Stop was asked for; its parent may be waiting for its end.</summary>
    public bool IsDying { get; set; }

    /// <summary>Counts a restart; false where it would be one too many. A negative limit or window means none.</summary>
    public bool RequestRestartPermission(int maxRetries, int windowMilliseconds)
    {
        if (maxRetries == 0)
        {
            return false;
        }
        if (windowMilliseconds <= 0)
        {
            return maxRetries < 0 || ++_restarts <= maxRetries;
        }
        long now = Environment.TickCount64;
        if (_windowStart is { } start && now - start <= windowMilliseconds)
        {
            return ++_restarts <= (maxRetries < 0 ? 1 : maxRetries);
        }
        _windowStart = now;
        _restarts = 1;
        return true;
    }
}

/// <summary>The children of one actor by name.</summary>
internal sealed class ChildrenTable
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Dictionary<string, ChildRestartStats> _children = [];
    private long _lastName = -1;
    private int _dying;
    private bool _closed;

    public bool HasDying
    {
        get
        {
            lock (_children)
            {
                return _dying > 0;
            }
        }
    }

    public static InvalidOperationException Closed() => new("An actor that is stopping, or has stopped, takes no new children.");

    public string NextName()
    {
        long number = Interlocked.Increment(ref _lastName);
        Span<char> name = stackalloc char[12];
        int length = 0;
        name[length++] = '$';
        do
        {
            name[length++] = NameDigits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return name[..length].ToString();
    }

    public LocalActorRef Add(string name, Func<LocalActorRef> make)
    {
        lock (_children)
        {
            if (_closed)
            {
                throw Closed();
            }
            if (_children.ContainsKey(name))
            {
                throw new InvalidActorNameException($"There is a child named [{name}] already.");
            }
            var child = make();
            _children.Add(name, new ChildRestartStats(child));
            return child;
        }
    }

    public IInternalActorRef? Find(string name)
    {
        lock (_children)
        {
            return _children.TryGetValue(name, out var stats) ? stats.Child : null;
        }
    }

    public bool TryFind(IActorRef child, [NotNullWhen(true)] out ChildRestartStats? stats)
    {
        lock (_children)
        {
            return _children.TryGetValue(child.Path.Name, out stats) && stats.Child.Equals(child);
        }
    }

    public IInternalActorRef[] Snapshot()
    {
        lock (_children)
        {
            return _children.Values.Select(stats => stats.Child).ToArray();
        }
    }

    public ChildRestartStats[] Stats()
    {
        lock (_children)
        {
            return [.. _children.Values];
        }
    }

    public void MarkDying(IActorRef child)
    {
        lock (_children)
        {
            if (_children.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child) && !stats.IsDying)
            {
                stats.IsDying = true;
                _dying++;
            }
        }
    }

    /// <summary>True if it was a child of this incarnation.</summary>
    public bool Remove(IActorRef child)
    {
        lock (_children)
        {
            if (!_children.TryGetValue(child.Path.Name, out var stats) || !stats.Child.Equals(child))
            {
                return false;
            }
            _children.Remove(child.Path.Name);
            _dying -= stats.IsDying ? 1 : 0;
            return true;
        }
    }

    /// <summary>No further children.</summary>
    public void Close()
    {
        lock (_children)
        {
            _closed = true;
        }
    }
}
