using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class PeerHelloRecorderTests
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root");
    private static readonly TestIdentity s_leaf = TestIdentity.Ec("Leaf", s_root);

    [Fact]
    public void The_suite_and_the_group_are_read_whatever_the_split()
    {
        byte[] flight = Flight(300);
        for (int split = 0; split <= flight.Length; split++)
        {
            var recorder = new PeerHelloRecorder();
            recorder.Record(flight.AsSpan(0, split));
            recorder.Record(flight.AsSpan(split));
            Check(recorder);
        }

        var bytewise = new PeerHelloRecorder();
        foreach (byte value in flight)
        {
            bytewise.Record([value]);
        }

        Check(bytewise);
    }

    [Fact]
    public void Bytes_that_are_no_handshake_end_the_recording()
    {
        var recorder = new PeerHelloRecorder();
        recorder.Record("HTTP/1.1 400 Bad Request\r\n"u8);
        Assert.True(recorder.IsOver);
        Assert.Equal(PeerTranscript.Nothing, recorder.Read());
    }

    [Fact]
    public void Truncated_and_senseless_messages_do_no_harm()
    {
        byte[] flight = Flight(16_000);
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] hurt = flight[..random.Next(flight.Length)];
            for (int i = 0; i < 5 && hurt.Length > 0; i++)
            {
                hurt[random.Next(hurt.Length)] = (byte)random.Next(256);
            }

            var recorder = new PeerHelloRecorder();
            recorder.Record(hurt);
            Assert.NotNull(recorder.Read());
        }
    }

    [Fact]
    public void A_server_that_never_ends_its_flight_is_not_followed_for_ever()
    {
        var recorder = new PeerHelloRecorder();
        byte[] record = [22, 3, 3, 0x40, 0, .. new byte[0x4000]];
        for (int i = 0; i < 1000 && !recorder.IsOver; i++)
        {
            recorder.Record(record);
        }

        Assert.True(recorder.IsOver);
    }

    private static void Check(PeerHelloRecorder recorder)
    {
        PeerTranscript transcript = recorder.Read();
        Assert.True(recorder.IsOver);
        Assert.Equal((0x0303, 0xC02B, 23), (transcript.Version, transcript.Suite, transcript.Group));
        Assert.True(transcript.AsksForCertificate);
    }

    /// <summary>A server's flight in records of at most <paramref name="recordBytes"/>, then ChangeCipherSpec and noise.</summary>
    private static byte[] Flight(int recordBytes)
    {
        byte[] leaf = s_leaf.Certificate.RawData, root = s_root.Certificate.RawData;
        byte[] messages =
        [
            .. Message(2, [3, 3, .. new byte[32], 2, 7, 7, 0xC0, 0x2B, 0]),
            .. Message(11, [.. UInt24(leaf.Length + root.Length + 6), .. UInt24(leaf.Length), .. leaf, .. UInt24(root.Length), .. root]),
            .. Message(12, [3, 0, 23, 65, .. new byte[65]]),
            .. Message(13, [1, 64, 0, 0]),
            .. Message(14, []),
        ];
        IEnumerable<byte> records = messages.Chunk(recordBytes).SelectMany(content => (byte[])[22, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content]);
        return [.. records, 20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 2, 9, 9];
    }

    private static byte[] Message(byte type, byte[] body) => [type, .. UInt24(body.Length), .. body];

    private static byte[] UInt24(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
