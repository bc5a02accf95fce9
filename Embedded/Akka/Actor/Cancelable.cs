namespace Akka.Actor;

/// <summary>Cancels scheduled work.</summary>
public interface ICancelable
{
    bool IsCancellationRequested { get; }
    CancellationToken Token { get; }

    void Cancel();
}

internal sealed class Cancelable : ICancelable
{
    private readonly CancellationTokenSource _source = new();

    public bool IsCancellationRequested => _source.IsCancellationRequested;
    public CancellationToken Token => _source.Token;

    public void Cancel() => _source.Cancel();
}
