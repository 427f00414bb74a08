using System.Collections.Generic;

namespace Thimble.BogoShim;

/// <summary>What the flags say about one connection.</summary>
internal sealed class ShimConfig
{
    public int Port { get; set; }

    public bool Ipv6 { get; set; }

    public ulong ShimId { get; set; }

    public int ResumeCount { get; set; }

    public int ResumptionDelaySeconds { get; set; }

    public int MinVersion { get; set; }

    public int MaxVersion { get; set; } = int.MaxValue;

    public bool Tls12 { get; set; } = true;

    public bool Tls13 { get; set; } = true;

    /// <summary>The groups in the order of the flags; none stands for all.</summary>
    public List<int> Groups { get; } = [];

    public string? HostName { get; set; }

    public string Alpn { get; set; } = "";

    public int MaxSendFragmentBytes { get; set; } = 1 << 14;

    public string? TrustFile { get; set; }

    public string? CertificateFile { get; set; }

    public string? KeyFile { get; set; }

    public bool Async { get; set; }

    public bool ImplicitHandshake { get; set; }

    public bool ExtraHandshake { get; set; }

    public int ReadBytes { get; set; } = 512;

    public bool WritesFirst { get; set; }

    public bool ShutsDown { get; set; }

    public bool ChecksCloseNotify { get; set; }

    public bool WritesDifferentSizes { get; set; }

    /// <summary>How much keying material to export and send, with the label and the context below.</summary>
    public int ExportedBytes { get; set; }

    public byte[] ExportLabel { get; set; } = [];

    public byte[] ExportContext { get; set; } = [];

    public bool HasExportContext { get; set; }

    /// <summary>0, here and below, expects nothing.</summary>
    public int ExpectedVersion { get; set; }

    public int ExpectedSuite { get; set; }

    public int ExpectedGroup { get; set; }

    public int ExpectedPeerScheme { get; set; }

    public string ExpectedAlpn { get; set; } = "";

    public string? ExpectedChainFile { get; set; }

    public bool RequiresExtendedMasterSecret { get; set; }

    public bool ExpectsSessionMiss { get; set; }

    public bool ExpectsNoSession { get; set; }

    public bool ExpectsTicketRenewal { get; set; }
}
