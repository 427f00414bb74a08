using Thimble.Tls;

namespace Thimble;

/// <summary>What <see cref="TlsConnection.ReadPieceAsync"/> read.</summary>
/// <param name="Status">What the bytes are worth: see <see cref="TlsConnection.Read(System.Span{byte}, out int)"/>.</param>
/// <param name="Bytes">How many there are.</param>
public readonly record struct TlsPiece(TlsStatus Status, int Bytes);
