using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Net.Tests.Ip;

/// <summary>Builds packets with nothing of Thimble's: plain lists of bytes, and the checksum as RFC 1071 §4.1 writes it.</summary>
internal static class Packets
{
    public static readonly byte[] Own = [0x02, 0, 0, 0, 0, 1];
    public static readonly byte[] Peer = [0x02, 0, 0, 0, 0, 2];
    public static readonly byte[] All = [255, 255, 255, 255, 255, 255];
    public static readonly byte[] OwnAddress = [192, 0, 2, 10];
    public static readonly byte[] PeerAddress = [192, 0, 2, 1];
    public static readonly byte[] AllAddress = [255, 255, 255, 255];

    public static byte[] Ethernet(byte[] to, byte[] from, int type, byte[] payload) => [.. to, .. from, .. Word(type), .. payload];

    public static byte[] Arp(byte[] to, int operation, byte[] senderStation, byte[] sender, byte[] targetStation, byte[] target) =>
        Ethernet(to, senderStation, 0x0806, [0, 1, 8, 0, 6, 4, .. Word(operation), .. senderStation, .. sender, .. targetStation, .. target]);

    public static byte[] Ip(int protocol, byte[] from, byte[] to, byte[] payload, int flags = 0x4000, byte[]? options = null)
    {
        options ??= [];
        byte[] header =
        [
            (byte)(0x45 + (options.Length / 4)), 0, .. Word(20 + options.Length + payload.Length), 0x12, 0x34, .. Word(flags),
            64, (byte)protocol, 0, 0, .. from, .. to, .. options,
        ];
        Word(Checksum(header)).CopyTo(header, 10);
        return [.. header, .. payload];
    }

    public static byte[] Udp(byte[] from, int fromPort, byte[] to, int toPort, byte[] payload)
    {
        byte[] datagram = [.. Word(fromPort), .. Word(toPort), .. Word(8 + payload.Length), 0, 0, .. payload];
        int checksum = Checksum([.. from, .. to, 0, 17, .. Word(datagram.Length), .. datagram]);
        Word(checksum == 0 ? 0xFFFF : checksum).CopyTo(datagram, 6);
        return datagram;
    }

    public static byte[] Echo(int type, byte[] data)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0x43, 0x21, 0, 1, .. data];
        Word(Checksum(message)).CopyTo(message, 2);
        return message;
    }

    /// <summary>A frame from the peer to us with a UDP datagram.</summary>
    public static byte[] UdpFrame(int fromPort, int toPort, byte[] payload) =>
        Ethernet(Own, Peer, 0x0800, Ip(17, PeerAddress, OwnAddress, Udp(PeerAddress, fromPort, OwnAddress, toPort, payload)));

    public static byte[] EchoFrame(byte[] data, byte[]? options = null) =>
        Ethernet(Own, Peer, 0x0800, Ip(1, PeerAddress, OwnAddress, Echo(8, data), options: options));

    public static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Number(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static int Checksum(IReadOnlyList<byte> data)
    {
        long sum = 0;
        for (int i = 0; i < data.Count; i += 2)
        {
            sum += (data[i] << 8) | (i + 1 < data.Count ? data[i + 1] : 0);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (int)(~sum & 0xFFFF);
    }

    public static int ReadWord(byte[] data, int at) => (data[at] << 8) | data[at + 1];

    public static uint ReadNumber(byte[] data, int at) => ((uint)ReadWord(data, at) << 16) | (uint)ReadWord(data, at + 2);

    public static bool IsTo(byte[] frame, byte[] station) => frame.Take(6).SequenceEqual(station);
}
