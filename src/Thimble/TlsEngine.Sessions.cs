using System;
using System.Buffers.Binary;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <content>Sessions: taken from the cache, kept in it, and dropped where a fatal alert ended the connection.</content>
internal sealed partial class TlsEngine
{
    private readonly PlanBuffer? _session;
    private PlanBuffer? _kept;

    /// <summary>How many bytes the last session has that this connection gave to the cache, or 0.</summary>
    public int KeptSessionBytes { get; private set; }

    private bool KeepsSessions => _options.Sessions is not null && _profile.MaxTicketBytes > 0;

    private PlanBuffer? FindSession() => KeepsSessions ? _options.Sessions!.Take(SessionBinding(), _options.JudgeServer) : null;

    private UInt128 SessionBinding()
    {
        Span<byte> binding = stackalloc byte[Session.MarkBytes];
        Session.WriteBinding(Config(default), binding, stackalloc byte[Session.ScratchBytes]);
        return BinaryPrimitives.ReadUInt128LittleEndian(binding);
    }

    /// <summary>Gives a session that waits to the cache, in a buffer of its own size.</summary>
    private void KeepSession()
    {
        TlsClient tls = Lens();
        if (!KeepsSessions || !tls.HasSession)
        {
            return;
        }

        using var taken = new PlanBuffer(Session.MaxBytes(_profile));
        if (tls.TryTakeSession(taken.Span, out int bytes) && Session.TryOpen(taken.Span[..bytes], stackalloc byte[Session.ScratchBytes], out Session made))
        {
            var session = new PlanBuffer(bytes);
            taken.Span[..bytes].CopyTo(session.Span);
            KeptSessionBytes = bytes;
            _kept = session;
            _options.Sessions!.Keep(BinaryPrimitives.ReadUInt128LittleEndian(made.Binding), session, _options.JudgeServer); // of a resumed connection another one than ours
        }
    }

    /// <summary>A session of a connection that ended in a fatal alert, either way, is not resumed (RFC 5246 §7.2.2, RFC 8446 §6.2).</summary>
    private void DropSession()
    {
        Fault fault = Lens().Fault;
        if (_kept is not null && (fault.Alert != 0 || fault.Reason == FaultReason.AlertReceived))
        {
            _options.Sessions!.Drop(_kept);
            _kept = null;
        }
    }
}
