using System;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Reads the server's Finished (RFC 8446 §4.4.4) beside what it must say.</summary>
internal static class ServerFinished13
{
    /// <summary>The message begins: what it must say covers the transcript before it.</summary>
    public static bool Begin(scoped in Connection connection)
    {
        int bytes = Hash.DigestBytes(connection.SuiteHash);
        KeySchedule13.ComputeVerifyData(connection, own: false, connection.Buffer[RegionId.VerifyData].Slice(0, bytes));
        return connection.State.MessageLeft == (uint)bytes
            || connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.Finished, connection.State.MessageLeft);
    }

    /// <summary>Reads what there is. Returns how much was consumed.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        int bytes = Hash.DigestBytes(connection.SuiteHash);
        var reader = new FieldReader(ref connection.State.MessageCursor, input);
        reader.TryBytes(connection.Buffer[RegionId.VerifyData].Slice(bytes, bytes));
        return reader.Consumed;
    }

    /// <summary>Compares, in a time that tells nothing.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        int bytes = Hash.DigestBytes(connection.SuiteHash);
        ReadOnlySpan<byte> data = connection.Buffer[RegionId.VerifyData];
        return CryptographicOperations.FixedTimeEquals(data.Slice(0, bytes), data.Slice(bytes, bytes)) || connection.Fail(FaultReason.FinishedMismatch);
    }
}
