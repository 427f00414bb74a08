using System;

namespace Thimble;

/// <summary>A connection that waits to be resumed, sealed: see <see cref="TlsConnection.ParkAsync"/>.</summary>
/// <param name="Generation">The number under which it was sealed.</param>
/// <param name="Bytes">The sealed bytes.</param>
public sealed record ParkedConnection(ulong Generation, ReadOnlyMemory<byte> Bytes);
