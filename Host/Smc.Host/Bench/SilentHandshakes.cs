using System.Net;
using System.Net.Sockets;
using Smc.Host.CommandLine;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Host.Bench;

/// <summary>
/// Handshakes at one listener that are announced, connected and then never send a Proposal. As the listener ends one by its deadline another
/// takes its place. They begin one after the other over <paramref name="spread"/>, so that they end so too.
/// </summary>
internal sealed class SilentHandshakes(string folder, IPEndPoint server, int count, TimeSpan spread) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SilentSession _session = new(folder, server);
    private readonly List<Task> _silent = [];
    private readonly CancellationTokenSource _withdrawal = new();
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _standing;
    private int _fewest;

    /// <summary>Begins all of them.</summary>
    /// <returns>When the listener has begun the last one too.</returns>
    public Task BeginAsync()
    {
        for (int i = 0; i < count; i++) _silent.Add(StandAsync(spread * i / count));
        return _complete.Task;
    }

    /// <summary>The fewest that stood at once since the last call.</summary>
    public int TakeFewest()
    {
        lock (_gate)
        {
            int fewest = _fewest;
            _fewest = _standing;
            return fewest;
        }
    }

    /// <summary>Withdraws all, and waits until the listener has let go of each.</summary>
    public async ValueTask DisposeAsync()
    {
        await _withdrawal.CancelAsync();
        await Task.WhenAll(_silent);
        _session.Dispose();
        _withdrawal.Dispose();
    }

    private async Task StandAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _withdrawal.Token);
            while (true) await new Silent(this, _session).StandAsync(_withdrawal.Token);
        }
        catch (OperationCanceledException)
        {
            _complete.TrySetCanceled();
        }
        catch (Exception failure) when (failure is SocketException or CommandFailure)
        {
            _complete.TrySetException(failure);
        }
    }

    private void Count(int change)
    {
        lock (_gate)
        {
            _standing += change;
            _fewest = Math.Min(_fewest, _standing);
            if (_standing < count || !_complete.TrySetResult()) return;
            _fewest = count;
        }
    }

    /// <summary>One of them. It stands from when the listener has begun the handshake until it ends it.</summary>
    private sealed class Silent(SilentHandshakes all, SilentSession session) : IAttemptObserver
    {
        private const int Opened = 0;
        private const int Standing = 1;
        private const int Ended = 2;

        private int _state;

        public async Task StandAsync(CancellationToken withdrawal)
        {
            using Socket socket = await session.ConnectAsync(this, out ulong nonce);
            try
            {
                await AwaitEndAsync(socket, withdrawal);
            }
            finally
            {
                session.Unwatch(nonce);
                if (Interlocked.Exchange(ref _state, Ended) == Standing) all.Count(-1);
            }
            withdrawal.ThrowIfCancellationRequested();
        }

        void IAttemptObserver.Matched(PeerSession peer)
        {
            if (Interlocked.CompareExchange(ref _state, Standing, Opened) == Opened) all.Count(+1);
        }

        void IAttemptObserver.Canceled(SmcReason reason)
        {
            // Servers do not cancel.
        }

        void IAttemptObserver.Lost(PeerSession peer)
        {
            // The TCP connection tells it too.
        }

        private static async Task AwaitEndAsync(Socket socket, CancellationToken withdrawal)
        {
            var block = new byte[1];
            try
            {
                if (await socket.ReceiveAsync(block, withdrawal) == 0) throw CommandFailure.Failed("the server closes what it should wait for.");
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                return;   // the deadline
            }
            catch (OperationCanceledException)
            {
                await EndAsync(socket, block);
            }
        }

        private static async Task EndAsync(Socket socket, byte[] block)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                await socket.ReceiveAsync(block);
            }
            catch (SocketException)
            {
                // The deadline was faster.
            }
        }
    }
}
