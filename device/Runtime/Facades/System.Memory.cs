using System.Runtime.CompilerServices;

[assembly: TypeForwardedTo(typeof(System.MemoryExtensions))]
[assembly: TypeForwardedTo(typeof(System.Buffers.Binary.BinaryPrimitives))]
