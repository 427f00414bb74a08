namespace Thimble.Tls;

/// <summary>The content types of records (RFC 5246 §6.2.1).</summary>
internal enum ContentType : byte
{
    None = 0,
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
}
