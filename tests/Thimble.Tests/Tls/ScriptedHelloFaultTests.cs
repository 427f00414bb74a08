using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Each way in which a ServerHello can be wrong.</summary>
public sealed class ScriptedHelloFaultTests
{
    private const int FixedBodyBytes = 2 + 32 + 1 + 32 + 2 + 1;

    [Theory]
    [InlineData(0x0300)]
    [InlineData(0x0301)]
    [InlineData(0x0302)]
    [InlineData(0x0304)]
    [InlineData(0xFEFD)]
    public void Another_version_is_refused(int version) => ScriptedFault.Fails(
        new ScriptedServer { Version = (ushort)version }, FaultReason.VersionUnsupported, AlertDescription.ProtocolVersion, Phase.Hello, 0x0303, (uint)version);

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x00FF)]
    [InlineData(0x1301)]
    [InlineData(0xC013)]
    [InlineData(0xC030)]
    public void A_suite_that_was_not_offered_is_refused(int suite) => ScriptedFault.Fails(
        new ScriptedServer { SuiteOnTheWire = (ushort)suite }, FaultReason.SuiteNotOffered, AlertDescription.IllegalParameter, Phase.Hello, 0, (uint)suite,
        new ScriptedClient { Profile = ScriptedClient.Everything with { Suites = (CipherSuites)63 & ~CipherSuites.EcdheRsaAes256GcmSha384 } });

    [Fact]
    public void A_suite_whose_keys_the_profile_excludes_was_not_offered() => ScriptedFault.Fails(
        new ScriptedServer { SuiteOnTheWire = 0xC02F }, FaultReason.SuiteNotOffered, AlertDescription.IllegalParameter, Phase.Hello, 0, 0xC02F,
        new ScriptedClient { Profile = ScriptedClient.Everything with { MaxRsaBits = 0 } });

    [Fact]
    public void Compression_is_refused() => ScriptedFault.Fails(
        new ScriptedServer { Compression = 1 }, FaultReason.CompressionNotOffered, AlertDescription.IllegalParameter, Phase.Hello, 0, 1);

    [Fact]
    public void A_session_id_of_33_bytes_is_malformed() => ScriptedFault.Fails(
        new ScriptedServer { SessionId = new byte[33] }, FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Hello, Wire.ServerHello);

    [Theory]
    [InlineData(1, new byte[] { 1 })] // not offered, because the window is no power of two that helps
    [InlineData(5, new byte[0])]
    [InlineData(13, new byte[] { 0, 2, 4, 3 })]
    [InlineData(16, new byte[] { 0, 2, 1, 65 })]
    [InlineData(22, new byte[0])]
    [InlineData(35, new byte[0])]
    [InlineData(43, new byte[] { 3, 4 })]
    [InlineData(65535, new byte[0])]
    public void An_extension_that_was_not_offered_is_refused(int type, byte[] data) => ScriptedFault.Fails(
        With(type, data), FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, Phase.Hello, 0, (uint)type,
        new ScriptedClient { Profile = ScriptedClient.Everything with { InWindowBytes = 500 } });

    [Fact]
    public void A_name_is_not_acknowledged_where_an_address_was_meant() => ScriptedFault.Fails(
        With(0), FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, Phase.Hello, 0, 0, new ScriptedClient { ServerName = "192.0.2.1" });

    [Theory]
    [InlineData(0, new byte[0])]
    [InlineData(1, new byte[] { 2 })]
    [InlineData(10, new byte[0])]
    [InlineData(11, new byte[] { 1, 0 })]
    [InlineData(16, new byte[] { 0, 5, 4, 109, 113, 116, 116 })]
    [InlineData(23, new byte[0])]
    [InlineData(0xFF01, new byte[] { 0 })]
    public void An_extension_that_comes_twice_is_refused(int type, byte[] data) => ScriptedFault.Fails(
        new ScriptedServer { Extensions = list => Replace(list, (type, data), (type, data)) },
        FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, Phase.Hello, 0, (uint)type, new ScriptedClient { Alpn = "mqtt" });

    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(1, new byte[0])]
    [InlineData(1, new byte[] { 2, 2 })]
    [InlineData(11, new byte[0])]
    [InlineData(11, new byte[] { 0 })]
    [InlineData(11, new byte[] { 2, 0 })]
    [InlineData(11, new byte[] { 0, 0 })]
    [InlineData(16, new byte[0])]
    [InlineData(16, new byte[] { 0, 0 })]
    [InlineData(16, new byte[] { 0, 1, 0 })]
    [InlineData(16, new byte[] { 0, 2, 0, 0 })]
    [InlineData(16, new byte[] { 0, 4, 4, 109, 113, 116, 116 })]
    [InlineData(16, new byte[] { 0, 5, 3, 109, 113, 116, 116 })]
    [InlineData(16, new byte[] { 0, 7, 4, 109, 113, 116, 116, 1, 65 })]
    [InlineData(23, new byte[] { 0 })]
    public void An_extension_of_another_form_is_refused(int type, byte[] data) => ScriptedFault.Fails(
        new ScriptedServer { Extensions = list => Replace(list, (type, data)) },
        FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, Phase.Hello, 0, (uint)type, new ScriptedClient { Alpn = "mqtt" });

    [Theory]
    [InlineData("http")]
    [InlineData("mqt")]
    [InlineData("mqtt5")]
    public void A_protocol_that_was_not_offered_is_refused(string protocol) => ScriptedFault.Fails(
        new ScriptedServer { Alpn = protocol }, FaultReason.AlpnNotOffered, AlertDescription.IllegalParameter, Phase.Hello, 0, 0, new ScriptedClient { Alpn = "mqtt" });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(255)]
    public void Another_fragment_length_than_the_one_offered_is_refused(byte code) => ScriptedFault.Fails(
        With(1, code), FaultReason.MaxFragmentLengthMismatch, AlertDescription.IllegalParameter, Phase.Hello, 2, code);

    [Fact]
    public void The_extended_master_secret_is_required() => ScriptedFault.Fails(
        new ScriptedServer { ExtendedMasterSecret = false }, FaultReason.ExtendedMasterSecretMissing, AlertDescription.HandshakeFailure, Phase.Hello);

    [Fact]
    public void Renegotiation_info_is_required() => ScriptedFault.Fails(
        new ScriptedServer { Extensions = static list => list.RemoveAll(static e => e.Type == 0xFF01) },
        FaultReason.RenegotiationInfoMissing, AlertDescription.HandshakeFailure, Phase.Hello);

    [Fact]
    public void A_hello_without_any_extensions_lacks_renegotiation_info() => ScriptedFault.Fails(
        Changed(static body => body[..FixedBodyBytes]), FaultReason.RenegotiationInfoMissing, AlertDescription.HandshakeFailure, Phase.Hello);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 0, 0 })]
    public void Renegotiation_info_must_be_empty(byte[] data) => ScriptedFault.Fails(
        new ScriptedServer { Extensions = list => Replace(list, (0xFF01, data)) },
        FaultReason.RenegotiationInfoInvalid, AlertDescription.HandshakeFailure, Phase.Hello);

    [Theory]
    [InlineData(new byte[] { 1, 1 })]
    [InlineData(new byte[] { 2, 1, 2 })]
    public void The_uncompressed_point_format_must_be_there(byte[] data) => ScriptedFault.Fails(
        new ScriptedServer { Extensions = list => Replace(list, (11, data)) }, FaultReason.PointFormatMissing, AlertDescription.IllegalParameter, Phase.Hello);

    [Theory]
    [InlineData(new byte[] { 3, 2, 1, 0 })]
    [InlineData(new byte[] { 2, 0, 1 })]
    public void Other_point_formats_may_stand_beside_it(byte[] data)
    {
        using var server = new ScriptedServer { Extensions = list => Replace(list, (11, data)) };
        Assert.Equal(TlsStatus.Complete, new ScriptedClient().Prepare().Connect(server));
    }

    [Fact]
    public void A_hello_cut_off_anywhere_is_malformed()
    {
        int whole = FixedBodyBytes + 2 + 5 + 6 + 4;
        for (int length = 0; length < whole; length++)
        {
            if (length != FixedBodyBytes)
            {
                int kept = length;
                ScriptedFault.Fails(Changed(body => body[..kept]), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Hello, Wire.ServerHello);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Bytes_behind_the_extensions_are_malformed(byte more) => ScriptedFault.Fails(
        Changed(body => [.. body, more]), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Hello, Wire.ServerHello);

    [Fact]
    public void An_extension_longer_than_the_list_is_malformed() => ScriptedFault.Fails(
        Changed(static body => [.. body[..FixedBodyBytes], 0, 5, 0, 10, 0, 2, 0, 0, 0]), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Hello, Wire.ServerHello);

    private static ScriptedServer With(int type, params byte[] data) => new() { Extensions = list => Replace(list, (type, data)) };

    private static ScriptedServer Changed(Func<byte[], byte[]> change) => new() { Messages = { [Wire.ServerHello] = ScriptedServer.Body(change) } };

    private static void Replace(List<(int Type, byte[] Data)> list, params (int Type, byte[] Data)[] extensions)
    {
        list.RemoveAll(e => extensions.Any(other => other.Type == e.Type));
        list.AddRange(extensions);
    }
}
