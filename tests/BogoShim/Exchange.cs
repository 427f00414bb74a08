using System;
using System.IO;
using System.Security.Cryptography;
using Thimble.Memory;

namespace Thimble.BogoShim;

/// <summary>What the shim does on one connection: a handshake, the echo of what the runner says with all bits flipped, the end.</summary>
internal static class Exchange
{
    private const int LongestWrite = 32_769;

    /// <summary>Around the largest record, as in BoringSSL's shim.</summary>
    private static ReadOnlySpan<int> DifferentSizes => [0, 1, 255, 256, 257, 16_383, 16_384, 16_385, 32_767, 32_768, LongestWrite];

    public static void Run(RunnerConnection connection, ShimConfig config, bool isResumption)
    {
        if (!config.ImplicitHandshake)
        {
            connection.Handshake();
            CheckHandshake(connection, config, isResumption);
            if (config.ExtraHandshake)
            {
                connection.HandshakeAgain();
            }
        }

        if (config.ExportedBytes > 0)
        {
            connection.Write(connection.Export());
        }

        bool orderly = true;
        if (config.WritesDifferentSizes)
        {
            WriteDifferentSizes(connection);
        }
        else
        {
            if (config.WritesFirst)
            {
                connection.Write("hello"u8);
            }

            orderly = config.ShutsDown || Echo(connection, config);
        }

        CheckSession(connection, config);
        connection.Close();
        if (config.ChecksCloseNotify && !(config.ShutsDown ? HearsClose(connection) : orderly))
        {
            throw new FaultedException(new Fault { Reason = FaultReason.TruncatedByPeer, Phase = Phase.Connected });
        }
    }

    /// <summary>Echoes until the runner closes. Whether it did so with close_notify.</summary>
    private static bool Echo(RunnerConnection connection, ShimConfig config)
    {
        byte[] buffer = new byte[config.ReadBytes];
        while (connection.Read(buffer, out bool orderly) is int read)
        {
            if (read == 0)
            {
                return orderly;
            }

            foreach (ref byte octet in buffer.AsSpan(0, read))
            {
                octet ^= 0xFF;
            }

            connection.Write(buffer.AsSpan(0, read));
        }

        return false;
    }

    private static bool HearsClose(RunnerConnection connection)
    {
        byte[] unread = new byte[512];
        bool orderly;
        while (connection.Read(unread, out orderly) > 0)
        {
        }

        return orderly;
    }

    private static void WriteDifferentSizes(RunnerConnection connection)
    {
        byte[] data = new byte[LongestWrite];
        data.AsSpan().Fill(0x42);
        foreach (int size in DifferentSizes)
        {
            connection.Write(data.AsSpan(0, size));
        }
    }

    private static void CheckHandshake(RunnerConnection connection, ShimConfig config, bool isResumption)
    {
        Expect("-expect-version", config.ExpectedVersion, connection.Version == TlsVersions.Tls13 ? 0x0304 : 0x0303);
        Expect("-expect-cipher", config.ExpectedSuite, connection.Suite);
        if (connection.Group != 0 || !connection.Resumed)
        {
            // A resumption of TLS 1.2 agrees on no group, where BoringSSL remembers the one before.
            Expect("-expect-curve-id", config.ExpectedGroup, connection.Group);
        }

        if (config.ExpectedAlpn.Length > 0 && (!connection.AlpnNegotiated || config.ExpectedAlpn != config.Alpn))
        {
            throw new UnmetException($"-expect-alpn {config.ExpectedAlpn}, but it was '{(connection.AlpnNegotiated ? config.Alpn : "")}'");
        }

        if (isResumption && connection.Resumed == config.ExpectsSessionMiss)
        {
            throw new UnmetException(connection.Resumed ? "the session was resumed, but -expect-session-miss" : connection.SessionOffered ? "the session was not resumed" : "there was no session to offer");
        }

        if (!connection.Resumed)
        {
            Expect("-expect-peer-signature-algorithm", config.ExpectedPeerScheme, connection.PeerScheme);
            CheckChain(connection, config);
        }
    }

    private static void CheckSession(RunnerConnection connection, ShimConfig config)
    {
        bool given = connection.SessionIsNew;
        if ((config.ExpectsNoSession && given) || (config.ExpectsTicketRenewal && !given))
        {
            throw new UnmetException(given ? "a session came, but -expect-no-session" : "-expect-ticket-renewal, but no session came");
        }
    }

    /// <summary>The engine's copy: three bytes count what follows a fourth, then each certificate behind its length in three bytes.</summary>
    private static void CheckChain(RunnerConnection connection, ShimConfig config)
    {
        if (config.ExpectedChainFile is null)
        {
            return;
        }

        ReadOnlySpan<char> pem = File.ReadAllText(config.ExpectedChainFile);
        ReadOnlySpan<byte> chain = connection.PeerChain.AsSpan(4, BitConverter.ToInt32(connection.PeerChain) & 0xFFFFFF);
        while (PemEncoding.TryFind(pem, out PemFields block))
        {
            byte[] expected = Convert.FromBase64String(pem[block.Base64Data].ToString());
            if (chain.Length < 3 + expected.Length || !chain.Slice(3, expected.Length).SequenceEqual(expected))
            {
                throw new UnmetException("-expect-peer-cert-file, but the server sent other certificates");
            }

            chain = chain[(3 + expected.Length)..];
            pem = pem[block.Location.End..];
        }

        if (!chain.IsEmpty)
        {
            throw new UnmetException("the server sent more certificates than -expect-peer-cert-file has");
        }
    }

    private static void Expect(string what, int expected, int actual)
    {
        if (expected != 0 && expected != actual)
        {
            throw new UnmetException($"{what} {expected}, but it was {actual}");
        }
    }
}
