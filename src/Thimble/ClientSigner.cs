using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Signs for the client with a private key that stays where it is: in a TPM, a smart card, an HSM, or at a service. The engine
/// verifies each signature under the certificate's key before it leaves.
/// </summary>
public sealed class ClientSigner : IDisposable
{
    private readonly Func<SignatureRequest, CancellationToken, ValueTask<byte[]>> _sign;
    private readonly AsymmetricAlgorithm? _key;

    /// <summary>
    /// Asks <paramref name="sign"/>, which may take a while: the handshake waits no longer than its own time-out, whose
    /// end the token tells. It is called on a thread of the pool, once for each handshake that wants a certificate.
    /// </summary>
    public ClientSigner(Func<SignatureRequest, CancellationToken, ValueTask<byte[]>> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        _sign = sign;
    }

    private ClientSigner(AsymmetricAlgorithm key, Func<SignatureRequest, byte[]> sign)
    {
        _key = key;
        _sign = (request, _) => ValueTask.FromResult(sign(request));
    }

    /// <summary>A key of ECDSA on P-256 or P-384 that signs digests; it need not be exportable. The signer owns it from now on.</summary>
    public static ClientSigner Of(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ClientSigner(key, request => key.SignHash(request.ToBeSigned.ToArray(), DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>
    /// An RSA key of 2048 to 4096 bits that signs digests; it need not be exportable. TLS 1.3 wants RSASSA-PSS of it. The signer
    /// owns it from now on.
    /// </summary>
    public static ClientSigner Of(RSA key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ClientSigner(key, request => key.SignHash(request.ToBeSigned.ToArray(), request.Hash, request.Padding!));
    }

    /// <summary>The private key that a certificate refers to, in a store of the system or in a token.</summary>
    /// <exception cref="CredentialException">There is none at hand, or it is neither RSA nor ECDSA.</exception>
    public static ClientSigner Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return certificate.GetRSAPrivateKey() is { } rsa ? Of(rsa) : certificate.GetECDsaPrivateKey() is { } ec ? Of(ec) : throw NoKey(certificate, null);
        }
        catch (CryptographicException e)
        {
            throw NoKey(certificate, e);
        }
    }

    /// <summary>Disposes of the key, where there is one.</summary>
    public void Dispose() => _key?.Dispose();

    /// <summary>False where the key is another one than the certificate's; a key that does not tell its public part is believed until it signs.</summary>
    internal bool MayFit(X509Certificate2 certificate)
    {
        try
        {
            return _key is null || _key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or NotImplementedException)
        {
            return true;
        }
    }

    /// <summary>How the key is named to people.</summary>
    internal string Description => _key is null ? "signer" : KeyDescription.Describe(_key);

    /// <summary>
    /// The signature. Whatever the signer throws comes out of this; so does <see cref="TimeoutException"/>. A signer that does not heed its token is
    /// left behind.
    /// </summary>
    internal byte[] Sign(SignatureRequest request, TimeSpan patience)
    {
        using var end = new CancellationTokenSource((int)Math.Clamp(patience.TotalMilliseconds, 0, int.MaxValue));
        return SignAsync(request, end.Token).GetAwaiter().GetResult();
    }

    /// <summary>The same; the end of the token is that of the time.</summary>
    internal async Task<byte[]> SignAsync(SignatureRequest request, CancellationToken end)
    {
        Task<byte[]> signing = Task.Run(() => _sign(request, end).AsTask(), CancellationToken.None);
        try
        {
            return await signing.WaitAsync(end).ConfigureAwait(false) ?? [];
        }
        catch (OperationCanceledException e) when (end.IsCancellationRequested)
        {
            throw new TimeoutException("The signer took too long.", e);
        }
    }

    private static CredentialException NoKey(X509Certificate2 certificate, Exception? cause) => new(
        CredentialProblem.NoPrivateKey, CertificateName.Short(certificate), "no RSA or ECDSA private key of the certificate is at hand.", "Load it from the store or the token that holds the key.", cause);
}
