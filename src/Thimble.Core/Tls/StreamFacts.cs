using System;

namespace Thimble.Tls;

/// <summary>Facts about a record that passes in pieces.</summary>
[Flags]
internal enum StreamFacts : byte
{
    None = 0,

    /// <summary>Its nonce is known, and its authenticator has begun.</summary>
    Begun = 1,

    /// <summary>It came between the parts of a handshake message, and so must go on with it.</summary>
    MidMessage = 2,

    /// <summary>Some of it was given to the user.</summary>
    Given = 4,

    /// <summary>A session ended in it, which is ready when the tag verifies.</summary>
    SessionRead = 8,
}
