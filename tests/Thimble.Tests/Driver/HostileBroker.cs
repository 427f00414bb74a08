using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Thimble.Tests.Driver;

/// <summary>A broker over plain TCP that answers CONNECT with the bytes that it is given, whatever they are.</summary>
internal sealed class HostileBroker : IDisposable
{
    private const int PatienceMilliseconds = 20_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HostileBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Plays one connection until the client drops it. The result is what the client sent: CONNECT, and all behind it.</summary>
    /// <param name="accepted">The bytes that follow CONNECT.</param>
    /// <param name="heard">Completes when the client was heard to be connected.</param>
    /// <param name="answer">The bytes that follow then.</param>
    /// <param name="byteByByte">Whether each of them goes alone.</param>
    public (byte[] Connect, byte[] Behind) Play(ReadOnlySpan<byte> accepted, Task heard, ReadOnlySpan<byte> answer, bool byteByByte)
    {
        using Socket socket = _listener.AcceptSocket();
        socket.ReceiveTimeout = PatienceMilliseconds;
        socket.NoDelay = true;
        using var stream = new NetworkStream(socket);
        byte[] connect = ReadPacket(stream);
        stream.Write(accepted);
        heard.Wait();
        try
        {
            Send(stream, answer, byteByByte);
        }
        catch (IOException)
        {
            // The client has dropped the connection before the end of it, as it may.
        }

        return (connect, ReadToEnd(stream));
    }

    /// <summary>Accepts, takes one packet, answers it, and perhaps takes as many bytes as are named before the last ones are sent.</summary>
    /// <returns>The packet behind CONNECT, and all that came after it.</returns>
    public (byte[] Connect, byte[] Packet, byte[] Behind) Converse(ReadOnlySpan<byte> accepted, ReadOnlySpan<byte> answer, int bytes, ReadOnlySpan<byte> last)
    {
        using Socket socket = _listener.AcceptSocket();
        socket.ReceiveTimeout = PatienceMilliseconds;
        using var stream = new NetworkStream(socket);
        byte[] connect = ReadPacket(stream);
        stream.Write(accepted);
        byte[] packet = ReadPacket(stream);
        stream.Write(answer);
        byte[] behind = new byte[bytes];
        stream.ReadExactly(behind);
        stream.Write(last);
        return (connect, packet, behind);
    }

    public void Dispose() => _listener.Dispose();

    private static void Send(NetworkStream stream, ReadOnlySpan<byte> answer, bool byteByByte)
    {
        int step = byteByByte ? 1 : answer.Length;
        for (int at = 0; at < answer.Length; at += step)
        {
            stream.Write(answer.Slice(at, int.Min(step, answer.Length - at)));
        }
    }

    private static byte[] ReadPacket(NetworkStream stream)
    {
        List<byte> packet = [(byte)stream.ReadByte()];
        int length = 0;
        int shift = 0;
        do
        {
            packet.Add((byte)stream.ReadByte());
            length |= (packet[^1] & 0x7f) << shift;
            shift += 7;
        }
        while ((packet[^1] & 0x80) != 0);

        byte[] body = new byte[length];
        stream.ReadExactly(body);
        return [.. packet, .. body];
    }

    private static byte[] ReadToEnd(NetworkStream stream)
    {
        using var all = new MemoryStream();
        try
        {
            stream.CopyTo(all);
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Dropped too, with bytes of ours unread.
        }

        return all.ToArray();
    }
}
