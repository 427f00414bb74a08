using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Reads EncryptedExtensions (RFC 8446 §4.3.1).</summary>
internal static class EncryptedExtensions
{
    /// <summary>Reads what there is. Returns how much was consumed; a fault stands in the connection.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        if (cursor.Step == 0)
        {
            cursor.Step = ServerExtensions.ListLengthStep;
        }

        var reader = new FieldReader(ref cursor, input);
        while (ServerExtensions.ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the form, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection) =>
        connection.State.MessageCursor.Step == ServerExtensions.EndStep
        || connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.EncryptedExtensions);
}
