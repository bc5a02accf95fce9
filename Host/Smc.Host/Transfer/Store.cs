using System.Runtime.ExceptionServices;

namespace Smc.Host.Transfer;

/// <summary>
/// Where a transfer is stored, if anywhere. The first failure ends the storing, not the transfer: the sender says all that it has to say and
/// then hears of it.
/// </summary>
internal sealed class Store : IDisposable
{
    private readonly PendingFile? _file;
    private Exception? _failure;

    /// <param name="path">The final name, or null: then nothing is stored.</param>
    public Store(string? path)
    {
        try
        {
            _file = path is null ? null : PendingFile.Create(path);
        }
        catch (Exception e) when (IsOfStorage(e))
        {
            _failure = e;
        }
    }

    /// <summary>False once something could not be stored.</summary>
    public bool IsComplete => _failure is null;

    /// <summary>Stores a block, unless one before could not be.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken ct)
    {
        if (_file is null || _failure is not null) return;
        try
        {
            await _file.Stream.WriteAsync(block, ct);
        }
        catch (Exception e) when (IsOfStorage(e))
        {
            _failure = e;
        }
    }

    /// <summary>Gives the file its name.</summary>
    public void Commit()
    {
        if (_file is null || _failure is not null) return;
        try
        {
            _file.Commit();
        }
        catch (Exception e) when (IsOfStorage(e))
        {
            _failure = e;
        }
    }

    /// <summary>Throws what went wrong, if anything did.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public void ThrowIfIncomplete()
    {
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose() => _file?.Dispose();

    private static bool IsOfStorage(Exception e) => e is IOException or UnauthorizedAccessException;
}
