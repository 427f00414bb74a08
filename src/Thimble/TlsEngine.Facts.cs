using System;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <content>What the connection tells of itself, to those who look on.</content>
internal sealed partial class TlsEngine
{
    /// <summary>What the connection knows of itself.</summary>
    public ConnectionFacts Facts
    {
        get
        {
            lock (_gate)
            {
                TlsClient tls = Lens();
                return new ConnectionFacts(
                    tls.Suite, tls.Version, tls.Group, tls.SentClientCertificate, tls.SessionOffered, tls.Resumed, tls.UsedPreSharedKey, tls.AlpnNegotiated, tls.CertificateStatus);
            }
        }
    }

    /// <summary>The same, or nothing once the engine is disposed of.</summary>
    public ConnectionFacts LastFacts
    {
        get
        {
            lock (_gate)
            {
                return _disposed ? default : Facts;
            }
        }
    }

    /// <summary>What the server said.</summary>
    public PeerTranscript PeerTranscript
    {
        get
        {
            lock (_gate)
            {
                return _recorder.Read() with { Chain = _chain ?? PeerChainReader.Read(_peerChain) };
            }
        }
    }

    /// <summary>The plan, and with an audit also what was used of it so far.</summary>
    public MemoryMap MemoryMap
    {
        get
        {
            lock (_gate)
            {
                TlsClient tls = Lens();
                tls.SurveyMemory();
                MemoryMap map = MemoryMap.Of(_profile);
                map = tls.Version == TlsVersions.None ? map : map.In(tls.Version);
                return _options.Audit ? map.With(_audit) : map;
            }
        }
    }

    /// <summary>What makes a fault of this connection into a sentence.</summary>
    public FaultContext FaultContext
    {
        get
        {
            lock (_gate)
            {
                return new FaultContext
                {
                    Text = Encoding.UTF8.GetString(Lens().FaultText),
                    Profile = _profile,
                    ServerName = _options.ServerName,
                    AnchorNames = [.. _credentials.Credentials.AnchorNames],
                    PeerChain = PeerTranscript.Chain,
                    HasClientCertificate = _credentials.Credentials.HasClientCertificate,
                    Pins = [.. _credentials.Credentials.Trust.Pins],
                    Refusal = _refusal ?? "",
                };
            }
        }
    }

    /// <summary>A region of the buffer, for a protocol above TLS that was planned with it.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(_memory.Span, _audit)[region];
}
