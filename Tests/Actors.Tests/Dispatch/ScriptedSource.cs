using Smc.Actors.Dispatch;

namespace Actors.Tests.Dispatch;

/// <summary>A completion queue whose completions a test makes, and which does what the test says besides.</summary>
internal sealed class ScriptedSource : ICompletionSource
{
    /// <summary>Completions that have come and have not been handled.</summary>
    public int Pending { get; set; }

    /// <summary>Completions that have been handled.</summary>
    public int Handled { get; private set; }

    /// <summary>What has been called, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What has been told to <see cref="Fail"/>.</summary>
    public Exception? Failure { get; private set; }

    public Action? OnDoWork { get; set; }

    public Action? OnArm { get; set; }

    public Action? OnFail { get; set; }

    public int DoWork(int budget)
    {
        Calls.Add("poll");
        OnDoWork?.Invoke();
        int done = Math.Min(budget, Pending);
        Pending -= done;
        Handled += done;
        return done;
    }

    public void Arm()
    {
        Calls.Add("arm");
        OnArm?.Invoke();
    }

    public void Fail(Exception cause)
    {
        Failure = cause;
        OnFail?.Invoke();
    }

    public override string ToString() => "a scripted queue";
}
