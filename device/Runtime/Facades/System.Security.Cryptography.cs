using System.Runtime.CompilerServices;

[assembly: TypeForwardedTo(typeof(System.Security.Cryptography.CryptographicOperations))]
