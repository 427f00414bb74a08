using System;

namespace Thimble.Cli.Probe;

/// <summary>Cuts a server's bytes into records (RFC 8446 §5.1). Any split gives the same; it holds one record at most.</summary>
internal sealed class RecordAssembler
{
    private readonly byte[] _record = new byte[TlsNumbers.RecordHeaderBytes + TlsNumbers.MaxRecordBytes];
    private int _filled;

    /// <summary>Why the bytes are no records of TLS, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many bytes of a record are there whose end is not.</summary>
    public int Pending => _filled;

    /// <summary>The header of the record that is complete.</summary>
    public ReadOnlySpan<byte> Header => _record.AsSpan(0, TlsNumbers.RecordHeaderBytes);

    /// <summary>Its content.</summary>
    public ReadOnlySpan<byte> Content => _record.AsSpan(TlsNumbers.RecordHeaderBytes, ContentBytes);

    private int ContentBytes => (_record[3] << 8) | _record[4];

    /// <summary>Takes bytes up to the end of a record. True where one is complete: look at it, then go on with the rest.</summary>
    public bool TryTake(ref ReadOnlySpan<byte> received)
    {
        while (!received.IsEmpty && Problem is null)
        {
            int wanted = _filled < TlsNumbers.RecordHeaderBytes ? TlsNumbers.RecordHeaderBytes : TlsNumbers.RecordHeaderBytes + ContentBytes;
            int taken = Math.Min(wanted - _filled, received.Length);
            received[..taken].CopyTo(_record.AsSpan(_filled));
            _filled += taken;
            received = received[taken..];
            Judge();
            if (Problem is null && _filled >= TlsNumbers.RecordHeaderBytes && _filled == TlsNumbers.RecordHeaderBytes + ContentBytes)
            {
                _filled = 0;
                return true;
            }
        }

        return false;
    }

    /// <summary>A wrong byte is a wrong one before the header is complete: a server of another protocol may send three and wait.</summary>
    private void Judge()
    {
        if ((_filled > 0 && _record[0] is < TlsNumbers.ChangeCipherSpec or > TlsNumbers.ApplicationData) || (_filled > 1 && _record[1] != 3))
        {
            Problem = "not TLS";
        }
        else if (_filled >= TlsNumbers.RecordHeaderBytes && ContentBytes > TlsNumbers.MaxRecordBytes)
        {
            Problem = $"a record of {ContentBytes:N0} bytes, and {TlsNumbers.MaxRecordBytes:N0} are the most (RFC 5246 §6.2.3)";
        }
    }
}
