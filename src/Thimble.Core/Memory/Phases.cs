namespace Thimble.Memory;

/// <summary>Which phases belong to which version. A plan counts only those that its profile's versions can reach.</summary>
public static class Phases
{
    /// <summary>What every connection passes through.</summary>
    private const ushort Common = (1 << (int)Phase.Hello) | (1 << (int)Phase.Connected);

    private const ushort Of12 =
        (1 << (int)Phase.Certificates) | (1 << (int)Phase.ServerKeyExchange) | (1 << (int)Phase.KeyExchange)
        | (1 << (int)Phase.ClientAuth) | (1 << (int)Phase.Finished);

    private const ushort Of13 =
        (1 << (int)Phase.KeyShare13) | (1 << (int)Phase.KeyAgreement13) | (1 << (int)Phase.Certificates13) | (1 << (int)Phase.ServerVerify13)
        | (1 << (int)Phase.ClientAuth13) | (1 << (int)Phase.Finished13);

    /// <summary>The phases that a connection with one of these versions may pass through.</summary>
    public static PhaseSet Of(TlsVersions versions)
    {
        int phases = Common;
        phases |= (versions & TlsVersions.Tls12) != 0 ? Of12 : 0;
        phases |= (versions & TlsVersions.Tls13) != 0 ? Of13 : 0;
        return new PhaseSet((ushort)phases);
    }
}
