using System.Collections.Generic;

namespace Thimble.Cli.Timeline;

/// <summary>Keeps what it sees of a handshake.</summary>
internal sealed class HandshakeRecorder : IHandshakeObserver
{
    /// <summary>More steps than most handshakes take, so that the list seldom grows meanwhile.</summary>
    private const int UsualSteps = 512;

    private readonly List<HandshakeStep> _steps = new(UsualSteps);

    /// <summary>The steps so far, in their order.</summary>
    public IReadOnlyList<HandshakeStep> Steps => _steps;

    public void Saw(in HandshakeStep step) => _steps.Add(step);
}
