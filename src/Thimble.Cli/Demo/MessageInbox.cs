using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Thimble.Cli.Demo;

/// <summary>Where messages go that arrive in pieces: what came since the mark can be forgotten, so it may be provisional.</summary>
internal sealed class MessageInbox
{
    private readonly List<DemoMessage> _messages = [];
    private List<byte> _payload = [];
    private string _topic = "";
    private (int Messages, string Topic, List<byte> Payload, int PayloadBytes)? _mark;

    /// <summary>A message begins.</summary>
    public void Begin(ReadOnlySpan<byte> topic)
    {
        _topic = Encoding.UTF8.GetString(topic);
        _payload = [];
    }

    /// <summary>The next piece of its payload.</summary>
    public void Write(ReadOnlySpan<byte> piece) => _payload.AddRange(piece);

    /// <summary>The message has ended.</summary>
    public void End() => _messages.Add(new DemoMessage(_topic, [.. _payload]));

    /// <summary>What comes from here on is provisional.</summary>
    public void Mark() => _mark ??= (_messages.Count, _topic, _payload, _payload.Count);

    /// <summary>What is provisional counts.</summary>
    public void Commit() => _mark = null;

    /// <summary>What is provisional is forgotten.</summary>
    public void Abort()
    {
        if (_mark is { } mark)
        {
            _messages.RemoveRange(mark.Messages, _messages.Count - mark.Messages);
            mark.Payload.RemoveRange(mark.PayloadBytes, mark.Payload.Count - mark.PayloadBytes);
            (_topic, _payload, _mark) = (mark.Topic, mark.Payload, null);
        }
    }

    /// <summary>Takes the oldest message, if there is one that counts.</summary>
    public bool TryTake([NotNullWhen(true)] out DemoMessage? message)
    {
        message = _mark is null && _messages.Count > 0 ? _messages[0] : null;
        if (message is not null)
        {
            _messages.RemoveAt(0);
        }

        return message is not null;
    }
}
