using System.Net.Sockets;
using Akka.Actor;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Connections;

/// <summary>What a read from the handshake's TCP connection yielded.</summary>
internal interface IClcResult : INoSerializationVerificationNeeded;

/// <summary>The first bytes of a connection: <see cref="ClcHeader.Size"/>, or fewer where the stream ended or the wait was given up.</summary>
internal sealed record FirstBytes(int Count) : IClcResult;

/// <summary>A whole message.</summary>
internal sealed record ClcMessage(ClcHeader Header, ReadOnlyMemory<byte> Bytes) : IClcResult;

/// <summary>The peer broke the protocol, or the connection.</summary>
internal sealed record ClcFailed(WireError Error, SocketError SocketError) : IClcResult;

/// <summary>
/// Reads and writes CLC messages on a TCP connection, one at a time, never a byte more than a message has: what follows is the application's.
/// </summary>
internal sealed class ClcChannel(Socket socket)
{
    private readonly byte[] _buffer = new byte[ClcFraming.MaxLength];
    private int _count;

    /// <summary>The connection.</summary>
    public Socket Socket => socket;

    /// <summary>What has been read and not been taken as a message.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(0, _count);

    /// <summary>Reads as many bytes as a header has, to be judged.</summary>
    public async Task<IClcResult> ReadFirstAsync(CancellationToken giveUp)
    {
        try
        {
            await FillAsync(ClcHeader.Size, giveUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Given up by the caller: what has come so far is the application's.
        }
        catch (SocketException e)
        {
            return new ClcFailed(WireError.None, e.SocketErrorCode);
        }

        return new FirstBytes(_count);
    }

    /// <summary>Reads a message, of which the header may have been read.</summary>
    public async Task<IClcResult> ReadAsync(ClcType expected)
    {
        try
        {
            if (!await FillAsync(ClcHeader.Size, CancellationToken.None).ConfigureAwait(false)) return new ClcFailed(WireError.None, SocketError.ConnectionReset);
            WireError error = ClcFraming.TryGetLength(_buffer.AsSpan(0, _count), expected, out ClcHeader header);
            if (error != WireError.None) return new ClcFailed(error, SocketError.Success);
            if (!await FillAsync(header.Length, CancellationToken.None).ConfigureAwait(false)) return new ClcFailed(WireError.Truncated, SocketError.ConnectionReset);
            _count = 0;
            return new ClcMessage(header, _buffer.AsMemory(0, header.Length));
        }
        catch (SocketException e)
        {
            return new ClcFailed(WireError.None, e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return new ClcFailed(WireError.None, SocketError.OperationAborted);
        }
    }

    /// <summary>Writes a message. A CLC message always fits into an empty socket buffer, so this does not wait.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryWrite(ReadOnlySpan<byte> message)
    {
        try
        {
            return socket.Send(message, SocketFlags.None) == message.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> FillAsync(int length, CancellationToken giveUp)
    {
        while (_count < length)
        {
            int received = await socket.ReceiveAsync(_buffer.AsMemory(_count, length - _count), SocketFlags.None, giveUp).ConfigureAwait(false);
            if (received == 0) return false;
            _count += received;
        }

        return true;
    }
}
