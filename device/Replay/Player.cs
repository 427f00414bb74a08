using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Replay;

/// <summary>
/// Plays the server of a recording to the engine, and holds the engine to what it said when it was recorded. Counts what
/// happens inside the engine's calls and nothing else. A call never reaches from one phase into the next.
/// </summary>
internal unsafe ref struct Player
{
    /// <summary>One element for each <see cref="Phase"/>.</summary>
    public const int FiguresBytes = 16 * ((int)Phase.Connected + 1);

    private const int DestinationBytes = 600;
    private const int SeedBytes = 48;

    private readonly Scenario _scenario;
    private readonly int _pieceBytes;
    private readonly Span<byte> _memory;
    private readonly Span<byte> _destination;
    private readonly Span<byte> _seed;
    private readonly Span<Figures> _figures;
    private readonly ReadOnlySpan<byte> _plan;
    private Phase _phase;
    private int _clientSaid;
    private byte* _top;

    public Player(Scenario scenario, ReadOnlySpan<byte> plan, int pieceBytes, Span<byte> memory, Span<Figures> figures)
    {
        _scenario = scenario;
        _plan = plan;
        _pieceBytes = pieceBytes;
        _destination = memory.Slice(0, DestinationBytes);
        _seed = memory.Slice(DestinationBytes, SeedBytes);
        _memory = memory.Slice(DestinationBytes + SeedBytes);
        _figures = figures;
    }

    /// <summary>The whole connection: handshake, three records read, one written.</summary>
    public bool Play()
    {
        _memory.Clear(); // the engine refuses a seed that its memory has seen
        _scenario[Part.Seed].CopyTo(_seed);
        Fault fault = default;
        if (!MemoryPlan.TryPrepareBaked(_plan, _scenario.Profile, _memory, ref fault))
        {
            Uart.Write("The plan is not of the recording's profile.\n"u8);
            return false;
        }

        bool played = Handshake() && Read() && Write();
        EndPhase();
        return played;
    }

    private bool Handshake()
    {
        ReadOnlySpan<byte> serverSays = _scenario[Part.ServerSays];
        int at = 0;
        int end = 0;
        TlsStatus status;
        do
        {
            status = Measure(Call.Handshake, serverSays.Slice(at, end - at), out int consumed, out int written);
            at += consumed;
            if (!Expects(Part.ClientSays, ref _clientSaid, written))
            {
                return false;
            }

            if (status == TlsStatus.NeedMoreData && at == end)
            {
                end = int.Min(serverSays.Length, end + _pieceBytes);
            }
        }
        while (status is TlsStatus.MoreWork or TlsStatus.DestinationTooSmall || (status == TlsStatus.NeedMoreData && at < end));
        return Stays(status == TlsStatus.Complete && at == serverSays.Length);
    }

    private bool Read()
    {
        ReadOnlySpan<byte> records = _scenario[Part.ServerRecords];
        int opened = 0;
        int at = 0;
        while (at < records.Length)
        {
            int bytes = int.Min(_pieceBytes, records.Length - at);
            TlsStatus status = Measure(Call.Read, records.Slice(at, bytes), out int consumed, out int written);
            at += consumed;
            if (status is not (TlsStatus.Complete or TlsStatus.NeedMoreData) || !Expects(Part.Opened, ref opened, written))
            {
                return Stays(false);
            }
        }

        return Stays(opened == _scenario[Part.Opened].Length);
    }

    private bool Write()
    {
        TlsStatus status = Measure(Call.Write, _scenario[Part.Message], out _, out int written);
        return Stays(status == TlsStatus.Complete) && Expects(Part.ClientSays, ref _clientSaid, written)
            && Stays(_clientSaid == _scenario[Part.ClientSays].Length);
    }

    private enum Call
    {
        Handshake,
        Read,
        Write,
    }

    /// <summary>Makes a call of the engine between two looks at the clock.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private TlsStatus Measure(Call call, ReadOnlySpan<byte> source, out int consumed, out int written)
    {
        uint here = 0;
        BeginCall((byte*)&here);
        Phase phase = _phase;
        uint start = SysTick.Now();
        TlsStatus status = Engine(call, source, out consumed, out written);
        uint ticks = SysTick.Since(start);
        _figures[(int)phase].Add(ticks * SysTick.InstructionsPerTick);
        return status;
    }

    /// <summary>What an application's loop does each time it has something for the engine: a lens, and one call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private TlsStatus Engine(Call call, ReadOnlySpan<byte> source, out int consumed, out int written)
    {
        TlsClient tls = Lens();
        switch (call)
        {
            case Call.Handshake:
                return tls.Handshake(source, _destination, out consumed, out written);
            case Call.Read:
                return tls.Read(source, _destination, out consumed, out written);
            default:
                return tls.Write(source, _destination, out consumed, out written);
        }
    }

    private TlsClient Lens()
    {
        // An initializer would fill a second copy of it first.
        TlsConfig config = default;
        config.Profile = ref _scenario.Profile;
        config.RomImage = _scenario[Part.RomImage];
        config.ServerName = _scenario[Part.ServerName];
        config.Seed = _seed;
        config.NowUnixSeconds = _scenario.UnixSeconds;
        config.Session = _scenario[Part.Session];
        config.WorkPerCall = TlsConfig.DeviceWorkPerCall;
        return new TlsClient(_memory, config);
    }

    /// <summary>Notes how deep the phase that is over went, and paints the stack for the next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BeginCall(byte* top)
    {
        Phase phase = Lens().Phase;
        phase = phase == Phase.None ? Phase.Hello : phase;
        if (phase != _phase)
        {
            EndPhase();
            _phase = phase;
            _top = top;
            StackPaint.Apply();
        }
    }

    private readonly void EndPhase()
    {
        if (_phase != Phase.None)
        {
            _figures[(int)_phase].DeepestStack = StackPaint.Deepest(_top);
        }
    }

    /// <summary>The engine put so many bytes into the destination: they must be the recorded ones that come next.</summary>
    private readonly bool Expects(Part part, ref int at, int count)
    {
        ReadOnlySpan<byte> expected = _scenario[part];
        for (int i = 0; i < count; i++, at++)
        {
            if (at == expected.Length || _destination[i] != expected[at])
            {
                Uart.Write("The engine no longer says what was recorded, from byte "u8);
                Uart.WriteDecimal((uint)at, 0);
                Uart.Write(" on. "u8);
                Report.SayHowToRecord();
                return false;
            }
        }

        return true;
    }

    /// <summary>Says what the engine found fault with, where it did not go on.</summary>
    private bool Stays(bool goesOn)
    {
        if (!goesOn)
        {
            Fault fault = Lens().Fault;
            Uart.Write("The engine stopped: reason "u8);
            Uart.WriteDecimal((uint)fault.Reason, 0);
            Uart.Write(". If ClientHello changed, "u8);
            Report.SayHowToRecord();
        }

        return goesOn;
    }
}
