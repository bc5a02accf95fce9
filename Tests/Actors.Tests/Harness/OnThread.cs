using System.Net.Sockets;
using Smc.Transport;

namespace Actors.Tests.Harness;

/// <summary>Synchronous reads and writes, each on a thread of its own, which sleeps where it has to wait.</summary>
internal static class OnThread
{
    private const int BufferBytes = 48 * 1024;

    /// <summary>Reads until the stream breaks off, and says how.</summary>
    /// <returns>What came before, and the error; Success at an end in order.</returns>
    public static Task<(byte[] Bytes, SocketError Error)> ReadToBreakAsync(SmcStream stream) => RunAsync(() =>
    {
        var read = new MemoryStream();
        SocketError error = ErrorOf(() => stream.CopyTo(read));
        return (read.ToArray(), error);
    });

    /// <summary>Writes until the stream breaks off, and says how.</summary>
    public static Task<SocketError> WriteToBreakAsync(SmcStream stream) => RunAsync(() => ErrorOf(() =>
    {
        byte[] buffer = new byte[BufferBytes];
        while (true) stream.Write(buffer);
    }));

    private static SocketError ErrorOf(Action operation)
    {
        try
        {
            operation();
            return SocketError.Success;
        }
        catch (IOException e)
        {
            return Assert.IsType<SocketException>(e.InnerException).SocketErrorCode;
        }
    }

    private static Task<T> RunAsync<T>(Func<T> operation) =>
        Task.Factory.StartNew(operation, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
