namespace Thimble.Crypto;

/// <summary>
/// Arithmetic modulo a prime m on elements of <see cref="IFieldModulus.Bytes"/> bytes: little-endian, fully reduced, usually in
/// Montgomery form. The bytes mean the same to 32-bit and 64-bit kernels, so tables and registers are shared. A result may lie
/// where an operand lies. Operands are references to as many bytes as an element has: callers draw them from
/// <see cref="EcRegisters{TField}"/>, which checks its bounds once, or from a table of known length.
/// </summary>
internal interface IField : IFieldModulus
{
    /// <summary>Bytes of scratch for a product: none or two elements, equally for a curve's field and its scalars.</summary>
    static abstract int ScratchBytes { get; }

    /// <summary>result = a · b / R mod m, for a and b below m. The scratch has <see cref="ScratchBytes"/> and need not be initialised.</summary>
    static abstract void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch);

    /// <summary>result = a² / R mod m, with the scratch of <see cref="Multiply"/>.</summary>
    static abstract void Square(ref byte result, ref byte a, ref byte scratch);

    /// <summary>result = a + b mod m.</summary>
    static abstract void Add(ref byte result, ref byte a, ref byte b);

    /// <summary>result = a - b mod m.</summary>
    static abstract void Subtract(ref byte result, ref byte a, ref byte b);
}
