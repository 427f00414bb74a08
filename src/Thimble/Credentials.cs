using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble;

/// <summary>
/// Whom the client trusts, and who it is: a <see cref="Thimble.Trust"/>, and perhaps a certificate chain with its private key. They are
/// turned into the ROM image that the engine reads, once for all connections. <see cref="CredentialSource"/> exchanges them while connections go on.
/// </summary>
public sealed class Credentials : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClientIdentity? _client;
    private readonly BakedCredentials? _baked;
    private readonly bool _ownsAnchors;
    private SharedRomImage? _image;
    private int _users = 1;
    private bool _disposed;

    private Credentials(Trust trust, ClientIdentity? client, bool ownsAnchors)
    {
        Trust = trust;
        _client = client;
        ClientSigner = client?.Signer;
        _ownsAnchors = ownsAnchors;
    }

    private Credentials(BakedCredentials baked, ClientSigner? signer)
    {
        _baked = baked;
        Trust = Trust.Baked(baked.Pins);
        ClientSigner = signer;
    }

    /// <summary>Whom the client trusts; of an image (<see cref="FromImage"/>) the pins only, because it holds no whole certificates of anchors.</summary>
    public Trust Trust { get; }

    /// <summary>The certificates that are trusted; none where pins alone are, or a shared key is the one way to know the server (<see cref="OfSharedKey"/>).</summary>
    public IReadOnlyList<X509Certificate2> Anchors => Trust.Anchors;

    /// <summary>The client's own certificate and those above it, in the order in which they are sent; may be empty.</summary>
    public IReadOnlyList<X509Certificate2> ClientChain => _baked?.Chain ?? _client?.Chain ?? [];

    /// <summary>The private key of the first of <see cref="ClientChain"/>, an <see cref="RSA"/>, <see cref="ECDsa"/> or <see cref="Ed25519PrivateKey"/>, or null where it is elsewhere or in an image.</summary>
    public AsymmetricAlgorithm? ClientKey => _client?.Key;

    /// <summary>Who signs with that key where it is kept elsewhere, or null.</summary>
    public ClientSigner? ClientSigner { get; }

    /// <summary>The names of the anchors, as faults mention them.</summary>
    public IEnumerable<string> AnchorNames => _baked?.AnchorNames ?? Anchors.Select(CertificateName.Short);

    /// <summary>Whether the client has a certificate to show.</summary>
    internal bool HasClientCertificate => _baked?.HasChain ?? _client is not null;

    /// <summary>
    /// Reads credentials from files in PEM or DER. <paramref name="caFile"/> may hold many anchors, or be a folder of such files: those with keys that
    /// are not supported are left out as long as one remains. The two others come together or not at all; they may be
    /// the same file. <paramref name="passphrase"/> opens a private key that is encrypted.
    /// </summary>
    /// <exception cref="CredentialException">A file cannot be used; the message says why and what to do.</exception>
    public static Credentials Load(string caFile, string? certificateFile = null, string? keyFile = null, string? passphrase = null)
    {
        ArgumentNullException.ThrowIfNull(caFile);
        RefuseHalf(certificateFile, keyFile);
        var trust = Trust.FromFile(caFile);
        ClientIdentity? client = certificateFile is null || keyFile is null ? null : ClientIdentity.FromFiles(certificateFile, keyFile, passphrase);
        return new Credentials(trust, client, ownsAnchors: true);
    }

    /// <summary>No anchor and no certificate: the two sides know one another by a <see cref="PreSharedKey"/> alone.</summary>
    public static Credentials OfSharedKey() => new(Trust.None, null, ownsAnchors: false);

    /// <summary>Joins whom the client trusts with who it is, if it has a certificate. The object owns <paramref name="client"/> from now on.</summary>
    public static Credentials From(Trust trust, ClientIdentity? client = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        return new Credentials(trust, client, ownsAnchors: false);
    }

    /// <summary>Takes credentials that are at hand. The object owns them from now on.</summary>
    /// <exception cref="CredentialException">The key is not that of one of the chain's certificates, or one of them cannot be used.</exception>
    public static Credentials From(IEnumerable<X509Certificate2> anchors, IEnumerable<X509Certificate2>? clientChain = null, AsymmetricAlgorithm? clientKey = null)
    {
        const string Source = "credentials";
        List<X509Certificate2> chain = clientChain?.ToList() ?? [];
        RefuseHalf(chain.Count == 0 ? null : Source, clientKey is null ? null : Source);
        return new Credentials(Trust.Of(anchors), clientKey is null ? null : ClientIdentity.Of(chain, clientKey), ownsAnchors: true);
    }

    /// <summary>
    /// The same where the client's private key is kept elsewhere, so that it is not copied: <paramref name="clientSigner"/> signs with it. The object owns
    /// all of them from now on.
    /// </summary>
    /// <exception cref="CredentialException">The signer's key is not that of one of the chain's certificates, or one of them cannot be used.</exception>
    public static Credentials From(IEnumerable<X509Certificate2> anchors, IEnumerable<X509Certificate2> clientChain, ClientSigner clientSigner)
    {
        const string Source = "credentials";
        ArgumentNullException.ThrowIfNull(clientSigner);
        List<X509Certificate2> chain = [.. clientChain];
        RefuseHalf(chain.Count == 0 ? null : Source, Source);
        return new Credentials(Trust.Of(anchors), ClientIdentity.Of(chain, clientSigner), ownsAnchors: true);
    }

    /// <summary>
    /// Takes a copy of a ROM image that <c>thimble bake</c>, the source generator or <see cref="RomImageBuilder"/> made: the same that a device has. Nothing is parsed but its layout,
    /// so that many of them cost little. Where the private key is elsewhere <paramref name="clientSigner"/> signs with it, and stays the caller's.
    /// </summary>
    /// <exception cref="CredentialException">The bytes are no ROM image; or the key is elsewhere and nobody signs, or is there and somebody else is to.</exception>
    public static Credentials FromImage(ReadOnlySpan<byte> image, ClientSigner? clientSigner = null)
    {
        var baked = BakedCredentials.Read(image);
        if (baked.IsElsewhere == (clientSigner is not null))
        {
            return new Credentials(baked, clientSigner);
        }

        bool isElsewhere = baked.IsElsewhere;
        baked.Dispose();
        throw new CredentialException(CredentialProblem.HalfMissing, "ROM image", isElsewhere ? "its private key is kept elsewhere, and no signer was given." : "a signer was given, and the private key is in the image, or there is none.", isElsewhere ? "Give the ClientSigner that has the key." : "Leave the signer out, or bake the image without the key.");
    }

    /// <summary>The profile with its client key limits set to the key at hand, and none other planned for.</summary>
    public Profile Fit(Profile profile)
    {
        if (_baked is not null)
        {
            return profile with
            {
                ClientRsaBits = _baked.Kind == KeyKind.Rsa ? _baked.KeyBits : 0,
                ClientEcdsaBits = _baked.Kind is KeyKind.P256 or KeyKind.P384 ? _baked.KeyBits : 0,
                ClientEd25519 = _baked.Kind == KeyKind.Ed25519,
                ClientKeyElsewhere = _baked.IsElsewhere,
            };
        }

        using AsymmetricAlgorithm? elsewhere = ClientSigner is null ? null : KeyDescription.PublicKey(ClientChain[0]);
        AsymmetricAlgorithm? key = ClientKey ?? elsewhere;
        return profile with
        {
            ClientRsaBits = key is RSA rsa ? rsa.KeySize : 0,
            ClientEcdsaBits = key is ECDsa ec ? ec.KeySize : 0,
            ClientEd25519 = key is Ed25519PrivateKey || (ClientSigner is not null && KeyDescription.IsEd25519(ClientChain[0])),
            ClientKeyElsewhere = ClientSigner is not null,
        };
    }

    /// <summary>
    /// The image that the engine reads, as of <paramref name="now"/>, or the one that was baked. Anchors that cannot serve then are left out as long
    /// as one remains. It holds the private key: wipe it after use.
    /// </summary>
    /// <exception cref="CredentialException">No anchor can serve, or the client's key cannot; the message says why.</exception>
    public byte[] BuildRomImage(DateTimeOffset now)
    {
        if (_baked is not null)
        {
            return _baked.Copy();
        }

        using var builder = new RomImageBuilder { WithoutAnchors = Anchors.Count == 0 };
        CredentialException? refused = null;
        int anchors = 0;
        foreach (X509Certificate2 anchor in Anchors)
        {
            CredentialException? problem = TryAdd(builder, anchor, now);
            anchors += problem is null ? 1 : 0;
            refused ??= problem;
        }

        if (anchors == 0 && Anchors.Count != 0)
        {
            throw refused!;
        }

        foreach (KeyPin pin in Trust.Pins)
        {
            builder.AddPin(pin);
        }

        AddClient(builder);
        return builder.Build(now);
    }

    /// <summary>
    /// Gives the credentials up. Their certificates, the key and the image are disposed of and wiped when the last connection that was begun with
    /// them has ended, too.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        Release();
    }

    /// <summary>
    /// A hold on the credentials for one connection that begins at <paramref name="now"/>. The image is made once and shared by all of them, until
    /// an anchor ends or begins.
    /// </summary>
    /// <exception cref="CredentialException">No anchor can serve, or the client's key cannot; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The credentials were given up.</exception>
    internal CredentialLease Borrow(DateTimeOffset now)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_image is null || !_image.Serves(now))
            {
                (DateTimeOffset from, DateTimeOffset until) = SameAnchors(now);
                var made = new SharedRomImage(BuildRomImage(now), from, until);
                _image?.Release();
                _image = made;
            }

            _users++;
            return new CredentialLease(this, _image.Share());
        }
    }

    /// <summary>A user less; the last one disposes of everything.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }

            _image?.Release();
            _image = null;
        }

        _client?.Dispose();
        _baked?.Dispose();
        foreach (X509Certificate2 anchor in _ownsAnchors ? Anchors : [])
        {
            anchor.Dispose();
        }
    }

    /// <summary>
    /// From when until when the same anchors are valid as now. No image serves a time before it was made: the engine takes such a clock
    /// for a wrong one (RULES 15).
    /// </summary>
    private (DateTimeOffset From, DateTimeOffset Until) SameAnchors(DateTimeOffset now)
    {
        DateTimeOffset until = DateTimeOffset.MaxValue;
        if (_baked is not null)
        {
            return (_baked.BakedAt, until); // the device does not know either when its anchors end
        }

        foreach (X509Certificate2 anchor in Anchors)
        {
            DateTimeOffset begins = anchor.NotBefore, ends = anchor.NotAfter;
            DateTimeOffset changes = now < begins ? begins : now <= ends ? ends.AddTicks(1) : until;
            until = changes < until ? changes : until;
        }

        return (DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), until);
    }

    private CredentialException? TryAdd(RomImageBuilder builder, X509Certificate2 anchor, DateTimeOffset now)
    {
        if (now < anchor.NotBefore || now > anchor.NotAfter)
        {
            string found = $"the certificate '{CertificateName.Short(anchor)}' is valid from {anchor.NotBefore:yyyy-MM-dd} to {anchor.NotAfter:yyyy-MM-dd}, and today is {now.UtcDateTime:yyyy-MM-dd}.";
            return new CredentialException(CredentialProblem.AnchorNotValidNow, Trust.Source, found, "Check this machine's clock; otherwise get the authority's current certificate.");
        }

        try
        {
            builder.AddTrustAnchor(anchor);
            return null;
        }
        catch (ArgumentException e)
        {
            return new CredentialException(CredentialProblem.AnchorUnusable, Trust.Source, $"the certificate '{CertificateName.Short(anchor)}' cannot be trusted for servers: {WithoutParameter(e)}", "Give the certificate of the authority that issued the server's.", e);
        }
    }

    private void AddClient(RomImageBuilder builder)
    {
        if (ClientChain.Count == 0)
        {
            return;
        }

        byte[][] chain = [.. ClientChain.Select(certificate => certificate.RawData)];
        try
        {
            if (ClientKey is null)
            {
                builder.SetClientCertificate(chain);
            }
            else
            {
                builder.SetClientCertificate(chain, ClientKey);
            }
        }
        catch (ArgumentException e)
        {
            throw new CredentialException(CredentialProblem.AlgorithmUnsupported, CertificateName.Short(ClientChain[0]), $"the client's certificate and key cannot be used: {WithoutParameter(e)}", "Supported are RSA keys of 2048 to 4096 bits, EC keys on P-256 and P-384, and Ed25519 keys for TLS 1.3; a key that may not be copied can sign where it is (ClientSigner).", e);
        }
    }

    private static string WithoutParameter(ArgumentException e) =>
        e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);

    private static void RefuseHalf(string? certificateFile, string? keyFile)
    {
        if (certificateFile is not null && keyFile is null)
        {
            throw new CredentialException(CredentialProblem.HalfMissing, certificateFile, "a certificate was given, but not its private key.", "Add it with --key.");
        }

        if (certificateFile is null && keyFile is not null)
        {
            throw new CredentialException(CredentialProblem.HalfMissing, keyFile, "a private key was given, but not its certificate.", "Add it with --cert.");
        }
    }
}
