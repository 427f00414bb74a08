using System;
using System.IO;
using Thimble.Tests.Peers;

namespace Thimble.Tests.Driver;

/// <summary>The driver program of <c>tests/MqttDriver</c>, which runs as long as the tests that share it.</summary>
public sealed class DriverProcess : IDisposable
{
    public const string ClientId = "driver";

    private readonly PeerProcess _process = PeerProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory.Replace("Thimble.Tests", "MqttDriver", StringComparison.Ordinal), "MqttDriver.dll"), ClientId]);

    /// <summary>Gives it a line, and returns where its answer will begin.</summary>
    internal int Tell(string line)
    {
        int mark = _process.Mark;
        _process.Input.WriteLine(line);
        _process.Input.Flush();
        return mark;
    }

    /// <summary>Waits for a line of it.</summary>
    internal string Hear(string pattern, int mark) => _process.WaitFor(pattern, mark).Value;

    public void Dispose() => _process.Dispose();
}
