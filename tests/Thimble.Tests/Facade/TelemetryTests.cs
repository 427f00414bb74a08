using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Thimble.Tests.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>What a connection tells to those who watch, and what it does not.</summary>
[Collection(AloneTests.Name)]
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = [];
    private readonly List<Activity> _activities = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _listener;

    public TelemetryTests()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Thimble")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value > 0 ? 1 : 0, tags));
        _meters.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Thimble",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task Handshakes_traffic_and_faults_are_counted()
    {
        var log = new ListLogger();
        using (ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3", options => options with { Logger = log }))
        {
            Assert.Equal(1, Sum("thimble.connections.active"));
            await peer.Connection.WriteAsync(new byte[1_000]); // two records: the profile's out window is 512
            peer.Say(new byte[300]);
            Assert.Equal(300, await peer.Connection.ReadAsync(new byte[300]));
            byte[] forged = peer.Seal(new byte[300]);
            forged[^1] ^= 1;
            peer.Transport.Say(forged);
            await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[300]));
            await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[300]));
        }

        Assert.Equal(1, Sum("thimble.handshakes result=Complete version=TLS 1.3 resumed=False"));
        Assert.Equal(1, Sum("thimble.handshake.duration result=Complete version=TLS 1.3 resumed=False"));
        Assert.Equal(0, Sum("thimble.connections.active"));
        Assert.Equal(1_000, Sum("thimble.bytes direction=sent"));
        Assert.Equal(300, Sum("thimble.bytes direction=received"));
        Assert.Equal(6, Sum("thimble.records direction=sent")); // ClientHello, ChangeCipherSpec, Finished, two of data, the alert
        Assert.Equal(8, Sum("thimble.records direction=received")); // ServerHello, ChangeCipherSpec, four of its flight, two of data
        Assert.Equal(1, Sum("thimble.faults reason=BadRecordMac"));
        Assert.Equal([1, 2, 4, 5], log.Lines.Select(static line => line.Id));
        Assert.Contains("broker.example.com", log.Lines[1].Text, StringComparison.Ordinal);
        Assert.Contains("TLS 1.3", log.Lines[1].Text, StringComparison.Ordinal);
        Assert.Contains("BadRecordMac", log.Lines[2].Text, StringComparison.Ordinal);
        Activity handshake = Assert.Single(_activities);
        Assert.Equal("broker.example.com", handshake.GetTagItem("server.address"));
        Assert.Equal("TLS 1.3", handshake.GetTagItem("tls.protocol.version"));
        Assert.Equal(ActivityStatusCode.Ok, handshake.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handshake_that_fails_is_told_with_its_reason(bool synchronous)
    {
        var log = new ListLogger();
        using ScriptedConnection peer = ScriptedConnection.Make("1.3", options => options with { Logger = log, ServerName = "other.example.com" });
        TlsFaultException fault = synchronous ? Assert.Throws<TlsFaultException>(peer.Connection.Handshake) : await Assert.ThrowsAsync<TlsFaultException>(() => peer.Connection.HandshakeAsync());
        string reason = fault.Fault.Reason.ToString();
        Assert.Equal(1, Sum($"thimble.handshakes result={reason}"));
        Assert.Equal(1, Sum($"thimble.faults reason={reason}"));
        Assert.Equal(0, Sum("thimble.connections.active"));
        Assert.Equal([1, 3], log.Lines.Select(static line => line.Id));
        Assert.Contains(fault.Message, log.Lines[1].Text, StringComparison.Ordinal);
        Activity handshake = Assert.Single(_activities);
        Assert.Equal((ActivityStatusCode.Error, reason), (handshake.Status, handshake.GetTagItem("error.type")));
    }

    [Fact]
    public void Memory_outside_the_heap_is_measured()
    {
        _meters.RecordObservableInstruments();
        double before = Sum("thimble.memory");
        using var buffer = new PlanBuffer(12_345);
        _sums.Clear();
        _meters.RecordObservableInstruments();
        Assert.Equal(before + 12_345, Sum("thimble.memory"));
    }

    [Fact]
    public void Records_are_counted_whatever_the_pieces()
    {
        byte[] records = [.. Wire.Record(22, new byte[300]), .. Wire.Record(23, []), .. Wire.Record(23, new byte[2])];
        for (int piece = 1; piece <= records.Length; piece++)
        {
            var counter = new RecordCounter();
            Assert.Equal(3, records.Chunk(piece).Sum(bytes => counter.Count(bytes)));
        }
    }

    private double Sum(string begin) => _sums.Where(sum => sum.Key.StartsWith(begin, StringComparison.Ordinal)).Sum(static sum => sum.Value);

    private void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            name += $" {tag.Key}={tag.Value}";
        }

        _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
    }

    private sealed class ListLogger : ILogger
    {
        public List<(int Id, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add((eventId.Id, formatter(state, exception)));
    }
}
