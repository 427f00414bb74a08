using System;
using System.Buffers.Binary;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Protected records that were changed, repeated, left out or reordered, and the end of the sequence numbers.</summary>
public sealed class ScriptedTagTests
{
    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128)]
    [InlineData(ScriptedSuite.EcdsaAes256)]
    [InlineData(ScriptedSuite.EcdsaChaCha)]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm)]
    [InlineData(ScriptedSuite.EcdsaAes256Ccm8)]
    public void A_flipped_bit_anywhere_in_a_protected_record_is_a_bad_tag(ushort suite)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite);
        byte[] record = server.Seal(Wire.ApplicationData, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        byte[] before = client.Memory.ToArray();
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            before.CopyTo(client.Memory); // the buffer is the whole state
            byte[] flipped = [.. record];
            flipped[bit >> 3] ^= (byte)(1 << (bit & 7));
            TlsStatus status = client.Read(flipped);
            FaultReason reason = client.Fault.Reason;
            if (bit >= 40)
            {
                Assert.Equal((TlsStatus.Faulted, FaultReason.BadRecordMac, (byte)20), (status, reason, client.Fault.Alert));
            }
            else
            {
                // RULES 2: the header may also be of no known type or version, overflow, or promise bytes that do not come.
                Assert.True(
                    status == TlsStatus.NeedMoreData
                    || reason is FaultReason.BadRecordMac or FaultReason.RecordTypeUnknown or FaultReason.RecordVersion or FaultReason.RecordOverflow or FaultReason.RecordLargerThanWindow);
            }

            Assert.Empty(client.Data);
        }
    }

    [Fact]
    public void A_bad_tag_wins_over_whatever_the_record_says()
    {
        foreach (byte type in new byte[] { Wire.ChangeCipherSpec, Wire.Alert, Wire.Handshake, Wire.ApplicationData })
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
            byte[] record = server.Seal(type, [2, 255, 255, 255, 255]);
            record[^1] ^= 1;
            ScriptedFault.ReadFails(client, server, record, FaultReason.BadRecordMac, AlertDescription.BadRecordMac);
        }
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128, 0)]
    [InlineData(ScriptedSuite.EcdsaAes128, 23)]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm, 23)]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm8, 15)]
    [InlineData(ScriptedSuite.EcdsaChaCha, 15)]
    public void A_record_too_short_for_a_tag_is_a_bad_tag(ushort suite, int length)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite);
        ScriptedFault.ReadFails(client, server, Wire.Record(Wire.ApplicationData, new byte[length]), FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, (uint)length);
    }

    [Fact]
    public void A_repeated_record_is_a_bad_tag()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] record = server.Seal(Wire.ApplicationData, [1]);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(record));
        ScriptedFault.ReadFails(client, server, record, FaultReason.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void Records_in_another_order_are_a_bad_tag()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(ScriptedSuite.EcdsaChaCha);
        _ = server.Seal(Wire.ApplicationData, [1]);
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.ApplicationData, [2]), FaultReason.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Fact]
    public void A_finished_from_another_handshake_is_a_bad_tag()
    {
        using var other = new ScriptedServer();
        byte[] stolen = [];
        new ScriptedClient().Prepare().Connect(other);
        stolen = other.Seal(Wire.Handshake, new byte[16]);
        ScriptedFault.Fails(
            new ScriptedServer { SecondFlight = _ => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. stolen] }, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, Phase.Finished);
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128, FirstExhaustedIn)]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm, FirstExhaustedCcm)]
    [InlineData(ScriptedSuite.EcdsaAes256Ccm8, FirstExhaustedCcm)]
    public void Reading_ends_before_a_key_has_encrypted_too_much(ushort suite, ulong first)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite);
        SetSequence(client, 8, first - 1);
        server.SkipTo(first - 1);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, [1])));
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.ApplicationData, [1]), FaultReason.SequenceExhausted, AlertDescription.InternalError);
    }

    [Theory]
    [InlineData(4096, ScriptedSuite.EcdsaAes128, FirstExhausted, 16)]
    [InlineData(10, ScriptedSuite.EcdsaAes128, FirstExhausted, 16)]
    [InlineData(10, ScriptedSuite.EcdsaAes128Ccm, FirstExhaustedCcm, 16)]
    [InlineData(4096, ScriptedSuite.EcdsaAes128Ccm8, FirstExhaustedCcm, 8)]
    public void Writing_ends_before_a_key_has_encrypted_too_much(int destinationBytes, ushort suite, ulong first, int tagBytes)
    {
        (ScriptedClient client, _) = ScriptedFault.Connected(suite, new ScriptedClient { DestinationBytes = destinationBytes });
        SetSequence(client, 0, first - 1);
        Assert.Equal(TlsStatus.Complete, client.Write([1]));
        client.Output.Clear();

        byte[] secret = [.. Enumerable.Repeat((byte)0xEE, 200)];
        Assert.Equal(TlsStatus.Faulted, client.Write(secret));
        client.Flush();

        Assert.Equal(FaultReason.SequenceExhausted, client.Fault.Reason);
        Assert.Equal((Wire.Alert, 5 + 8 + 2 + tagBytes), (client.Output[0], client.Output.Count));
        Assert.Equal(-1, client.Memory.IndexOf(secret.AsSpan(0, 50)));
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void An_orderly_close_is_still_possible_at_the_end_of_the_sequence_numbers()
    {
        (ScriptedClient client, _) = ScriptedFault.Connected();
        SetSequence(client, 0, FirstExhausted);
        Assert.Equal(TlsStatus.Complete, client.Close());
        Assert.Equal((FaultReason.None, 5 + 8 + 2 + 16), (client.Fault.Reason, client.Output.Count));
    }

    /// <summary>2^34 blocks, with records of 1,024 bytes and two blocks more.</summary>
    private const ulong FirstExhausted = ((1UL << 34) + 65) / 66;

    /// <summary>The same for the server's records, which may have 2^14 bytes whatever the window.</summary>
    private const ulong FirstExhaustedIn = ((1UL << 34) + 1025) / 1026;

    /// <summary>RFC 9147 §4.5.3: 2^23 records, of any size.</summary>
    private const ulong FirstExhaustedCcm = 1UL << 23;

    private static void SetSequence(ScriptedClient client, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys)[at..], value);
}
