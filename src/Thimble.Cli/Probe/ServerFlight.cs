using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Probe;

/// <summary>
/// Reads a server's answer to one ClientHello as its bytes arrive, in any split: to ServerHelloDone in TLS 1.2, to CertificateVerify in TLS 1.3, or
/// to what ends it before. Whatever the server sends, it keeps no more than a quarter of a megabyte.
/// </summary>
internal sealed class ServerFlight : IDisposable
{
    /// <summary>The most that one flight may take: no chain that anybody verifies is as long.</summary>
    public const int MaxBytes = 1 << 18;

    /// <summary>How many records may bring nothing: empty ones, warnings, change_cipher_spec.</summary>
    private const int MaxIdleRecords = 32;

    private readonly HelloRecipe _recipe;
    private readonly KeyShare? _keyShare;
    private readonly RecordAssembler _records = new();
    private readonly List<byte> _transcript;
    private readonly List<byte> _messages = [];
    private HandshakeKeys13? _keys;
    private int _received;
    private int _idle;

    /// <summary>The answer to <paramref name="clientHello"/>, which says what <paramref name="recipe"/> says.</summary>
    public ServerFlight(HelloRecipe recipe, byte[] clientHello, KeyShare? keyShare)
    {
        _recipe = recipe;
        _keyShare = keyShare;
        _transcript = [.. clientHello];
    }

    public ServerFacts Facts { get; } = new();

    public FlightEnd End { get; private set; }

    /// <summary>What is wrong with the bytes, where <see cref="End"/> says that something is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a record or message is there in part.</summary>
    public bool IsAmidst => _records.Pending > 0 || _messages.Count > 0 || Facts.Version != 0;

    /// <summary>Takes what came. Behind the end nothing is read.</summary>
    public void Take(ReadOnlySpan<byte> received)
    {
        _received += received.Length;
        while (End == FlightEnd.None && _records.TryTake(ref received))
        {
            Record();
        }

        if (End == FlightEnd.None && _records.Problem is { } problem)
        {
            End = problem == "not TLS" && Facts.LargestRecordBytes == 0 ? FlightEnd.NotTls : FlightEnd.Malformed;
            Problem = problem == "not TLS" ? "bytes that are no record" : problem;
        }
        else if (End == FlightEnd.None && _received > MaxBytes)
        {
            Fail($"more than {MaxBytes:N0} bytes before the end of its first flight");
        }
    }

    /// <summary>The connection ended without more.</summary>
    public void Cut(FlightEnd end)
    {
        if (End == FlightEnd.None)
        {
            End = end;
        }
    }

    public void Dispose() => _keys?.Dispose();

    private void Record()
    {
        ReadOnlySpan<byte> content = _records.Content;
        byte type = _records.Header[0];
        Facts.LargestRecordBytes = Math.Max(Facts.LargestRecordBytes, content.Length);
        if (_keys is not null && type == TlsNumbers.ApplicationData)
        {
            Protected(content);
        }
        else if (_keys is not null && type == TlsNumbers.Handshake)
        {
            Fail("a handshake message in the clear behind its ServerHello"); // anybody on the way may have put it there (RFC 8446 §5)
        }
        else
        {
            Plaintext(type, content);
        }
    }

    private void Protected(ReadOnlySpan<byte> content)
    {
        byte[]? inner = _keys!.Open(_records.Header, content);
        int end = inner is null ? -1 : inner.AsSpan().LastIndexOfAnyExcept((byte)0);
        if (end < 0)
        {
            Fail(inner is null ? "a record whose tag is wrong" : "a protected record of padding alone");
            return;
        }

        Facts.LargestInnerBytes = Math.Max(Facts.LargestInnerBytes, inner!.Length);
        if (inner[end] == TlsNumbers.ChangeCipherSpec)
        {
            Fail("a protected change_cipher_spec");
            return;
        }

        Plaintext(inner[end], inner.AsSpan(0, end));
    }

    private void Plaintext(byte type, ReadOnlySpan<byte> content)
    {
        Facts.LargestPlaintextBytes = Math.Max(Facts.LargestPlaintextBytes, content.Length);
        if (content.Length > TlsNumbers.MaxPlaintextBytes)
        {
            Fail($"a record of {content.Length:N0} bytes of plaintext, and {TlsNumbers.MaxPlaintextBytes:N0} are the most (RFC 8446 §5.1)");
            return;
        }

        switch (type)
        {
            case TlsNumbers.Handshake when !content.IsEmpty:
                _messages.AddRange(content);
                Messages();
                break;
            case TlsNumbers.Alert when content is [2, byte description]:
                Facts.Alert = description;
                End = FlightEnd.Alert;
                break;
            case TlsNumbers.Alert when content is [_, 0]:
                End = FlightEnd.Closed;
                break;
            case TlsNumbers.Alert when content is [1, _]:
            case TlsNumbers.ChangeCipherSpec when content is [1] && Facts.Version == TlsNumbers.Tls13:
            case TlsNumbers.Handshake:
                if (++_idle > MaxIdleRecords)
                {
                    Fail($"more than {MaxIdleRecords} records that bring nothing: empty ones, or warnings");
                }

                break;
            default:
                Fail($"a record of the type {Words.ContentType(type)} in the middle of the handshake");
                break;
        }
    }

    private void Messages()
    {
        while (End == FlightEnd.None && _messages.Count >= TlsNumbers.MessageHeaderBytes)
        {
            int length = (_messages[1] << 16) | (_messages[2] << 8) | _messages[3];
            int whole = TlsNumbers.MessageHeaderBytes + length;
            if (whole > MaxBytes)
            {
                Fail($"a {Words.HandshakeType(_messages[0])} of {length:N0} bytes");
                return;
            }

            if (_messages.Count < whole)
            {
                return;
            }

            byte[] message = [.. _messages.Take(whole)];
            _messages.RemoveRange(0, whole);
            _transcript.AddRange(message);
            Message(message[0], message.AsSpan(TlsNumbers.MessageHeaderBytes));
        }
    }

    private void Message(byte type, ReadOnlySpan<byte> body)
    {
        Facts.LargestMessageBytes = Math.Max(Facts.LargestMessageBytes, body.Length + TlsNumbers.MessageHeaderBytes);
        if (_keys is not null)
        {
            Facts.LargestProtectedMessageBytes = Math.Max(Facts.LargestProtectedMessageBytes, body.Length + TlsNumbers.MessageHeaderBytes);
        }

        bool is13 = Facts.Version == TlsNumbers.Tls13;
        bool good = type switch
        {
            TlsNumbers.ServerHello when Facts.Version == 0 => Hello(body),
            _ when Facts.Version == 0 => false,
            TlsNumbers.EncryptedExtensions when is13 && Facts.Chain.Count == 0 => FlightMessages.Extensions(new WireReader(body), Facts) && (Facts.MaxFragmentLength == 0 || Facts.MaxFragmentLength == _recipe.MaxFragmentLength),
            TlsNumbers.Certificate when Facts.Chain.Count == 0 => is13 ? FlightMessages.Certificate13(body, Facts) : FlightMessages.Certificate12(body, Facts),
            TlsNumbers.CertificateStatus when !is13 => FlightMessages.CertificateStatus(body, Facts),
            TlsNumbers.ServerKeyExchange when !is13 && Facts.Chain.Count > 0 => FlightMessages.ServerKeyExchange(body, Facts) && IsOfItsSuite(),
            TlsNumbers.CertificateRequest when Facts.ClientRequest is null => is13 ? FlightMessages.CertificateRequest13(body, Facts) : FlightMessages.CertificateRequest12(body, Facts),
            TlsNumbers.CertificateVerify when is13 && Facts.Chain.Count > 0 => Verify(body),
            TlsNumbers.ServerHelloDone when !is13 && body.IsEmpty && Facts.Chain.Count > 0 && (Facts.Group != 0 || !FlightMessages.IsEcdhe(Facts.Suite)) => Finish(),
            _ => false,
        };
        if (!good)
        {
            Fail($"a {Words.HandshakeType(type)} that is malformed, or comes out of turn");
        }
    }

    private bool Verify(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        Facts.SignatureScheme = reader.UInt16();
        reader.Vector16();
        return reader.EndedExactly && _recipe.Schemes.Contains(Facts.SignatureScheme) && Finish();
    }

    /// <summary>A signature is of its suite's kind: otherwise a key that is not there would seem to be. Older schemes, which nobody offered, are the engine's to refuse, in words.</summary>
    private bool IsOfItsSuite() => !SignatureNumbers.All.Contains(Facts.SignatureScheme) || !FlightMessages.IsEcdhe(Facts.Suite)
        || (SignatureNumbers.IsRsa(Facts.SignatureScheme) ? !SuiteNumbers.EcdheEcdsa.Contains(Facts.Suite) : !SuiteNumbers.EcdheRsa.Contains(Facts.Suite));

    private bool Finish()
    {
        End = FlightEnd.Complete;
        return true;
    }

    private bool Hello(ReadOnlySpan<byte> body)
    {
        if (!FlightMessages.ServerHello(body, Facts, out bool isRetry, out byte[] serverKey) || !_recipe.Versions.Contains(Facts.Version) || !_recipe.Suites.Contains(Facts.Suite))
        {
            return false;
        }

        if (Facts.MaxFragmentLength != 0 && Facts.MaxFragmentLength != _recipe.MaxFragmentLength)
        {
            return false; // RFC 6066 §4: the same value, or the client ends it
        }

        if (isRetry)
        {
            End = FlightEnd.Retry;
            return Facts.Group == 0 || _recipe.Groups.Contains(Facts.Group);
        }

        if (Facts.Version != TlsNumbers.Tls13)
        {
            return true;
        }

        byte[]? secret = Facts.Group == (ushort)_recipe.KeyShare ? _keyShare?.Agree(serverKey) : null;
        if (secret is null || _messages.Count > 0)
        {
            return false; // the keys change behind ServerHello, and nothing may follow it under none (RFC 8446 §5.1)
        }

        _keys = new HandshakeKeys13(Facts.Suite, secret, _transcript.ToArray());
        return true;
    }

    private void Fail(string problem)
    {
        End = FlightEnd.Malformed;
        Problem = problem;
    }
}
