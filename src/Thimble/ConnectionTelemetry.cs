using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Microsoft.Extensions.Logging;
using Thimble.Memory;

namespace Thimble;

/// <summary>What one connection tells to the log, the meter and the activities. The reader and the sender may call at the same time, each its own methods.</summary>
internal sealed class ConnectionTelemetry(TlsConnectionOptions options)
{
    private const string Complete = "Complete";
    private static readonly KeyValuePair<string, object?> s_sent = new("direction", "sent");
    private static readonly KeyValuePair<string, object?> s_received = new("direction", "received");

    private RecordCounter _recordsSent;
    private RecordCounter _recordsReceived;
    private Activity? _activity;
    private long _start;
    private int _active;
    private int _failed;

    /// <summary>Ciphertext that was sent.</summary>
    public void Sent(ReadOnlySpan<byte> records) => Telemetry.Records.Add(_recordsSent.Count(records), s_sent);

    /// <summary>Ciphertext that came.</summary>
    public void Received(ReadOnlySpan<byte> records) => Telemetry.Records.Add(_recordsReceived.Count(records), s_received);

    /// <summary>Application data that was sealed.</summary>
    public static void Written(int bytes) => Telemetry.Bytes.Add(bytes, s_sent);

    /// <summary>Application data that was given to a reader.</summary>
    public static void Read(int bytes) => Telemetry.Bytes.Add(bytes, s_received);

    /// <summary>A handshake begins on this thread, or in this asynchronous method.</summary>
    public void HandshakeBegins()
    {
        _start = options.TimeProvider.GetTimestamp();
        _activity = Telemetry.Activities.StartActivity("TLS handshake", ActivityKind.Client);
        _activity?.SetTag("server.address", options.ServerName);
        TlsLog.HandshakeBegins(options.Logger, options.ServerName);
    }

    /// <summary>It is complete.</summary>
    public void HandshakeComplete(in ConnectionFacts facts)
    {
        double milliseconds = Count(Complete, facts);
        if (Interlocked.Exchange(ref _active, 1) == 0)
        {
            Telemetry.ActiveConnections.Add(1);
        }

        _activity?.SetTag("tls.cipher", Words.Suite(facts.Suite)).SetTag("tls.curve", facts.Group.ToString()).SetStatus(ActivityStatusCode.Ok);
        EndActivity(facts);
        if (options.Logger.IsEnabled(LogLevel.Debug))
        {
            TlsLog.HandshakeComplete(options.Logger, Version(facts), options.ServerName, milliseconds, Words.Suite(facts.Suite), facts.Group.ToString(), facts.Resumed);
        }
    }

    /// <summary>It failed, or was given up.</summary>
    public void HandshakeFailed(in ConnectionFacts facts, Exception failure)
    {
        string result = failure switch
        {
            TlsFaultException tls => tls.Fault.Reason.ToString(),
            TransportException transport => transport.Problem.ToString(),
            OperationCanceledException => "Cancelled",
            _ => failure.GetType().Name,
        };
        double milliseconds = Count(result, facts);
        _activity?.SetTag("error.type", result).SetStatus(ActivityStatusCode.Error, failure.Message);
        EndActivity(facts);
        TlsLog.HandshakeFailed(options.Logger, options.ServerName, milliseconds, result, failure.Message);
    }

    /// <summary>The connection ended in a fault, which is counted once. Of a handshake the log has a line of its own.</summary>
    public void Failed(TlsFaultException failure)
    {
        if (failure.Fault.Reason == FaultReason.None || Interlocked.Exchange(ref _failed, 1) != 0)
        {
            return;
        }

        string reason = failure.Fault.Reason.ToString();
        Telemetry.Faults.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (Volatile.Read(ref _active) != 0)
        {
            TlsLog.ConnectionFailed(options.Logger, options.ServerName, reason, failure.Message);
        }
    }

    /// <summary>The connection is disposed of.</summary>
    public void Disposed()
    {
        if (Interlocked.Exchange(ref _active, 0) != 0)
        {
            Telemetry.ActiveConnections.Add(-1);
            TlsLog.ConnectionDisposed(options.Logger, options.ServerName);
        }
    }

    /// <summary>Returns how many milliseconds the handshake took.</summary>
    private double Count(string result, in ConnectionFacts facts)
    {
        TimeSpan duration = options.TimeProvider.GetElapsedTime(_start);
        var tags = new TagList { { "result", result }, { "version", Version(facts) }, { "resumed", facts.Resumed } };
        Telemetry.Handshakes.Add(1, tags);
        Telemetry.HandshakeDuration.Record(duration.TotalSeconds, tags);
        return duration.TotalMilliseconds;
    }

    private void EndActivity(in ConnectionFacts facts)
    {
        _activity?.SetTag("tls.protocol.version", Version(facts)).SetTag("tls.resumed", facts.Resumed);
        _activity?.Dispose();
        _activity = null;
    }

    private static string Version(in ConnectionFacts facts) => facts.Version switch
    {
        TlsVersions.Tls13 => "TLS 1.3",
        TlsVersions.Tls12 => "TLS 1.2",
        _ => "none",
    };
}
