using System;

namespace Thimble.Memory;

/// <summary>How a key that was shared beforehand may be used (RFC 8446 §4.2.9; RFC 5487, RFC 5489).</summary>
[Flags]
public enum PskModes : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Alone: no key agreement, and so no forward secrecy (psk_ke; PSK suites).</summary>
    Psk = 1,

    /// <summary>Together with an ephemeral key agreement (psk_dhe_ke; ECDHE_PSK suites).</summary>
    PskWithDhe = 2,
}
