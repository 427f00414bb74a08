using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>What every part of the engine works on: the planned buffer, the control region in it, and the configuration.</summary>
internal readonly ref struct Connection
{
    public readonly PlannedBuffer Buffer;
    public readonly ref ConnectionState State;
    public readonly TlsConfig Config;

    public Connection(PlannedBuffer buffer, scoped in TlsConfig config)
    {
        Buffer = buffer;
        Config = config;
        State = ref MemoryMarshal.AsRef<ConnectionState>(buffer[RegionId.Control]);
    }

    /// <summary>The hash of the negotiated suite.</summary>
    public HashAlgorithm SuiteHash => CipherSuite.HashOf(State.Suite);

    /// <summary>The ROM image, which was checked when the connection began.</summary>
    public RomImage Rom => RomImage.FromChecked(Config.RomImage);

    /// <summary>The client's private key, which may be none.</summary>
    public PrivateKey ClientKey => new(Rom.ClientKey);

    /// <summary>Whether a fact holds.</summary>
    public bool Is(ConnectionFlags flag) => (State.Flags & flag) != 0;

    /// <summary>Notes that a fact holds.</summary>
    public void Set(ConnectionFlags flag) => State.Flags |= flag;

    /// <summary>Notes that a fact no longer holds.</summary>
    public void Clear(ConnectionFlags flag) => State.Flags &= ~flag;

    /// <summary>
    /// Ends the connection. The first fault stays; its alert is sent when the out window is free. Returns false, so that
    /// a check can end with it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(FaultReason reason, uint expected = 0, uint actual = 0)
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

    /// <summary>The same for a fault that another layer wrote into the control region.</summary>
    public bool FailWith(in Fault fault)
    {
        if (State.Fault.Reason != FaultReason.None)
        {
            return false;
        }

        State.Fault = fault;
        return Seal();
    }

    private bool Seal()
    {
        State.Fault.Phase = Buffer.Phase;
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
