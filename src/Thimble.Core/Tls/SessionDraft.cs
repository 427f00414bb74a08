using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// A <see cref="Session"/> while it is being made in <see cref="RegionId.Session"/>. Its maker sets lifetime, age_add and the lengths, writes
/// secret, session id and ticket into their places, and completes it.
/// </summary>
internal readonly ref struct SessionDraft
{
    private readonly Span<byte> _region;

    public SessionDraft(Span<byte> region) => _region = region;

    /// <summary>Where the secret goes; what is not used of it must be zero.</summary>
    public Span<byte> Secret => _region.Slice(Session.SecretAt, Session.SecretBytes);

    /// <summary>Where the session id goes, once its length is set.</summary>
    public Span<byte> SessionId => _region.Slice(Session.HeaderBytes, _region[Session.SessionIdBytesAt]);

    /// <summary>Where the ticket goes, once both lengths are set.</summary>
    public Span<byte> Ticket => _region.Slice(
        Session.HeaderBytes + _region[Session.SessionIdBytesAt], BinaryPrimitives.ReadUInt16LittleEndian(_region.Slice(Session.TicketBytesAt)));

    /// <summary>The size of the whole, once both lengths are set.</summary>
    public int Bytes => Session.HeaderBytes + SessionId.Length + Ticket.Length;

    /// <summary>Begins anew: no lifetime, no session id, no ticket.</summary>
    public void Begin() => _region.Slice(0, Session.HeaderBytes).Clear();

    /// <summary>In seconds; 0 is unknown.</summary>
    public void SetLifetime(uint seconds) => BinaryPrimitives.WriteUInt32LittleEndian(_region.Slice(Session.LifetimeAt), seconds);

    /// <summary>What hides the age of a ticket of TLS 1.3.</summary>
    public void SetAgeAdd(uint ageAdd) => BinaryPrimitives.WriteUInt32LittleEndian(_region.Slice(Session.AgeAddAt), ageAdd);

    /// <summary>Sets the length of the session id, which is at most <see cref="Session.MaxSessionIdBytes"/>.</summary>
    public void SetSessionIdBytes(int bytes) => _region[Session.SessionIdBytesAt] = (byte)bytes;

    /// <summary>Sets the length of the ticket, which is at most the profile's limit.</summary>
    public void SetTicketBytes(int bytes) => BinaryPrimitives.WriteUInt16LittleEndian(_region.Slice(Session.TicketBytesAt), (ushort)bytes);

    /// <summary>
    /// Writes what the connection knows, and at last the digest. The scratch has <see cref="Session.ScratchBytes"/>; the binding may stand there.
    /// </summary>
    public void Complete(scoped in Connection connection, ReadOnlySpan<byte> binding, Span<byte> scratch)
    {
        Span<byte> whole = _region.Slice(0, Bytes);
        whole[0] = Session.Format;
        whole[1] = (byte)(connection.Is13 ? TlsVersions.Tls13 : TlsVersions.Tls12);
        BinaryPrimitives.WriteUInt16LittleEndian(whole.Slice(Session.SuiteAt), connection.State.Suite);
        BinaryPrimitives.WriteInt64LittleEndian(whole.Slice(Session.IssuedAt), connection.Config.NowUnixSeconds);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.Slice(Session.TrustedUntilAt), connection.State.TrustedUntilMinutes);
        binding.CopyTo(whole.Slice(Session.BindingAt));
        Session.ComputeDigest(whole, scratch).CopyTo(whole.Slice(Session.DigestAt));
    }
}
