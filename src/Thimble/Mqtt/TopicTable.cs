using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace Thimble;

/// <summary>Turns topics into text, so that those that come often cost no new string. Bounded; safe for concurrent use.</summary>
internal sealed class TopicTable
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TopicTable() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Text(ReadOnlySpan<byte> topic)
    {
        const int Short = 256;
        if (topic.Length > Short)
        {
            return Encoding.UTF8.GetString(topic);
        }

        Span<char> characters = stackalloc char[Short];
        characters = characters[..Encoding.UTF8.GetChars(topic, characters)];
        lock (_gate)
        {
            if (_lookup.TryGetValue(characters, out string? known))
            {
                return known;
            }

            string text = characters.ToString();
            if (_texts.Count < Capacity)
            {
                _texts.Add(text, text);
            }

            return text;
        }
    }
}
