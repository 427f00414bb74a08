using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>What every part of the engine works on: the planned buffer, the control region in it, and the configuration.</summary>
internal ref struct Connection
{
    // Nothing changes them after Open, which fills them where they stay: a copy of all this burdens a small stack.
    public PlannedBuffer Buffer;
    public ref ConnectionState State;
    public TlsConfig Config;

    /// <summary>Looks at the connection in a buffer in which one has begun.</summary>
    public static void Open(PlannedBuffer buffer, scoped in TlsConfig config, out Connection connection)
    {
        connection.Buffer = buffer;
        connection.Config = config;
        connection.State = ref MemoryMarshal.AsRef<ConnectionState>(buffer[RegionId.Control]);
    }

    /// <summary>Whether TLS 1.2 may be negotiated.</summary>
    public readonly bool Offers12 => Features.Tls12 && Config.Profile.Offers(TlsVersions.Tls12);

    /// <summary>Whether TLS 1.3 may be negotiated.</summary>
    public readonly bool Offers13 => Features.Tls13 && Config.Profile.Offers(TlsVersions.Tls13);

    /// <summary>Whether the status of the server's certificate is asked for.</summary>
    public readonly bool OffersStatus => Features.StapledStatus && Config.Profile.StapledStatus;

    /// <summary>Whether TLS 1.3 was negotiated: its suites serve no other version.</summary>
    public readonly bool Is13 => Features.Tls13 && CipherSuite.Is13(State.Suite);

    /// <summary>The same where a version must have been negotiated, as for what is sealed: a build of one version knows which.</summary>
    public readonly bool Goes13 => Features.Tls13 && (!Features.Tls12 || CipherSuite.Is13(State.Suite));

    /// <summary>The hash of the negotiated suite.</summary>
    public readonly HashAlgorithm SuiteHash => State.SuiteFacts.Hash;

    /// <summary>The ROM image, which was checked when the connection began.</summary>
    public readonly RomImage Rom => RomImage.FromChecked(Config.RomImage);

    /// <summary>The client's private key, which may be none.</summary>
    public readonly PrivateKey ClientKey => new(Rom.ClientKey);

    /// <summary>The key that was shared beforehand, which may be none.</summary>
    public readonly SharedKey SharedKey => new(Config.PreSharedKey);

    /// <summary>Whether a fact holds.</summary>
    public readonly bool Is(ConnectionFlags flag) => (State.Flags & flag) != 0;

    /// <summary>Notes that a fact holds.</summary>
    public readonly void Set(ConnectionFlags flag) => State.Flags |= flag;

    /// <summary>Notes that a fact no longer holds.</summary>
    public readonly void Clear(ConnectionFlags flag) => State.Flags &= ~flag;

    /// <summary>
    /// Ends the connection, or holds the fault until the tag of the record that it was found in verifies (RULES 1). The
    /// first fault stays; its alert is sent when the out window is free. Returns false, so that a check can end with it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool Fail(FaultReason reason, uint expected = 0, uint actual = 0)
    {
        if (State.Fault.Reason != FaultReason.None)
        {
            return false;
        }

        State.Fault.Reason = reason;
        State.Fault.Depth = Fault.NoDepth;
        State.Fault.Expected = expected;
        State.Fault.Actual = actual;
        return Seal();
    }

    /// <summary>The same for a fault that waits for no tag, and that wins over one which is held.</summary>
    public readonly bool FailNow(FaultReason reason, uint expected = 0, uint actual = 0)
    {
        if (State.State != ClientState.Faulted)
        {
            Forget();
        }

        return Fail(reason, expected, actual);
    }

    /// <summary>Forgets what a record said whose tag will never verify: a fault, a name, what was negotiated (RULES 1).</summary>
    public readonly void Forget()
    {
        if (!Is(ConnectionFlags.Unverified))
        {
            return;
        }

        State.Fault = default;
        Span<byte> text = Buffer[RegionId.FaultText];
        text.Slice(0, text.IsEmpty ? 0 : 1).Clear();
        Clear(ConnectionFlags.Unverified);
        if (State.State < ClientState.Connected)
        {
            Clear(ConnectionFlags.AlpnNegotiated | ConnectionFlags.CertificateRequested | ConnectionFlags.ClientCertificate | ConnectionFlags.RecordSizeLimited | ConnectionFlags.StatusGood);
        }
    }

    /// <summary>Whether a fault was found in provisional bytes: it counts when the tag verifies, and nothing more is read before that.</summary>
    public readonly bool HoldsFault => Is(ConnectionFlags.Unverified) && State.Fault.Reason != FaultReason.None;

    /// <summary>The tag verified: what the record says counts from here on, and so does a fault that was held.</summary>
    public readonly void Commit()
    {
        Clear(ConnectionFlags.Unverified);
        if (State.Fault.Reason != FaultReason.None)
        {
            Seal();
        }
    }

    /// <summary>The same for a fault that another layer wrote into the control region.</summary>
    public readonly bool FailWith(in Fault fault)
    {
        if (State.Fault.Reason != FaultReason.None)
        {
            return false;
        }

        State.Fault = fault;
        return Seal();
    }

    private readonly bool Seal()
    {
        State.Fault.Phase = Buffer.Phase;
        if (Is(ConnectionFlags.Unverified))
        {
            return false; // RULES 1: held
        }

        State.State = ClientState.Faulted;
        if (FaultAlerts.IsSent(State.Fault.Reason) && !Is(ConnectionFlags.WriteClosed))
        {
            State.PendingAlert = FaultAlerts.For(State.Fault.Reason);
            State.Fault.Alert = (byte)State.PendingAlert;
            Set(ConnectionFlags.AlertPending);
        }
        else if (State.Fault.Reason == FaultReason.AlertReceived)
        {
            State.Fault.Alert = (byte)State.Fault.Actual;
        }

        return false;
    }
}
