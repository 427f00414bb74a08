namespace Thimble.X509;

/// <summary>Identifier octets of the elements that RFC 5280 uses (X.690 §8.1.2).</summary>
internal static class DerTag
{
    /// <summary>No element: the container ends here.</summary>
    public const byte End = 0;

    public const byte Boolean = 0x01;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte Null = 0x05;
    public const byte ObjectIdentifier = 0x06;
    public const byte Enumerated = 0x0A;
    public const byte Utf8String = 0x0C;
    public const byte PrintableString = 0x13;
    public const byte TeletexString = 0x14;
    public const byte Ia5String = 0x16;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;

    /// <summary>[0] to [3] around an element, or implicitly instead of a constructed one.</summary>
    public const byte Context0 = 0xA0, Context1 = 0xA1, Context2 = 0xA2, Context3 = 0xA3;

    /// <summary>[0], [1], [2] and [7] instead of a primitive one.</summary>
    public const byte Implicit0 = 0x80, Implicit1 = 0x81, Implicit2 = 0x82, Implicit7 = 0x87;

    /// <summary>Whether the element holds elements (X.690 §8.1.2.5).</summary>
    public static bool IsConstructed(byte tag) => (tag & 0x20) != 0;
}
