namespace Akka.Dispatch;

/// <summary>Work for an executor.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    void Run();
}

public sealed class ActionRunnable(Action action) : IRunnable
{
    public void Run() => action();
    public void Execute() => action();
}
