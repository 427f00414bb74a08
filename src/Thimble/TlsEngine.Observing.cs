using System;
using System.Diagnostics;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>A handshake that somebody observes goes from state to state, with as much work in a call as a device does; otherwise nothing of this runs.</summary>
internal sealed partial class TlsEngine
{
    private HandshakeStep _lastStep;

    private int WorkPerCall => _options.Observer is null ? 0 : TlsConfig.DeviceWorkPerCall;

    private TlsStatus ObservedHandshake(ref TlsClient tls, Span<byte> outgoing, out int consumed)
    {
        ClientState state = tls.State;
        Phase phase = tls.Phase;
        long begin = Stopwatch.GetTimestamp();
        TlsStatus status = tls.HandshakeToNextState(Received, outgoing, out consumed, out _outgoingBytes, out int work);
        _lastStep = new HandshakeStep(state, tls.State, phase, tls.MessageType, consumed, _outgoingBytes, work, begin, Stopwatch.GetTimestamp());
        return status;
    }
}
