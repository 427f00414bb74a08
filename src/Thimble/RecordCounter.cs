using System;

namespace Thimble;

/// <summary>Counts the records in a stream of them, by their headers (RFC 8446 §5.1); any split of the stream gives the same count.</summary>
internal struct RecordCounter
{
    private const int HeaderBytes = 5;

    private int _header;
    private int _contentLeft;

    /// <summary>How many headers were completed by these bytes.</summary>
    public int Count(ReadOnlySpan<byte> bytes)
    {
        int records = 0;
        while (!bytes.IsEmpty)
        {
            if (_header < HeaderBytes)
            {
                _contentLeft = _header < 3 ? 0 : (_contentLeft << 8) | bytes[0];
                _header++;
                records += _header == HeaderBytes ? 1 : 0;
                bytes = bytes[1..];
            }

            int skipped = _header < HeaderBytes ? 0 : Math.Min(_contentLeft, bytes.Length);
            bytes = bytes[skipped..];
            _contentLeft -= skipped;
            _header = _header == HeaderBytes && _contentLeft == 0 ? 0 : _header;
        }

        return records;
    }
}
