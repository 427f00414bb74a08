using System;
using System.Buffers.Binary;

namespace Thimble.Cli.Device;

/// <summary>A time server (RFC 5905 §7.3) that tells the time of this machine, or another one.</summary>
internal static class TimeAnswers
{
    private const int PacketBytes = 48;
    private const uint SecondsFrom1900To1970 = 2_208_988_800;

    /// <summary>Answers with the time of this machine, moved by <paramref name="offset"/>.</summary>
    public static Func<byte[], byte[]?> Of(TimeSpan offset) => request => Answer(request, DateTimeOffset.UtcNow + offset);

    private static byte[]? Answer(byte[] request, DateTimeOffset now)
    {
        if (request.Length < PacketBytes)
        {
            return null;
        }

        byte[] answer = new byte[PacketBytes];
        answer[0] = (byte)((request[0] & 0x38) | 4);   // the version that was asked for; mode 4, server
        answer[1] = 2;                                 // stratum
        answer[2] = request[2];
        answer[3] = 0xEC;                              // a precision of a microsecond
        WriteTime(answer.AsSpan(16), now);
        request.AsSpan(40, 8).CopyTo(answer.AsSpan(24));
        WriteTime(answer.AsSpan(32), now);
        WriteTime(answer.AsSpan(40), now);
        return answer;
    }

    private static void WriteTime(Span<byte> destination, DateTimeOffset time)
    {
        long milliseconds = time.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)((milliseconds / 1000) + SecondsFrom1900To1970));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)((milliseconds % 1000 << 32) / 1000));
    }
}
