using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Thimble;

/// <summary>
/// Credentials that change while connections come and go: each connection asks for the present ones when it begins, and keeps them to its
/// end. Those that were replaced are wiped when the last connection that was begun with them has ended. Give it as
/// <see cref="TlsConnectionOptions.CredentialSource"/>. Safe for concurrent use.
/// </summary>
public sealed class CredentialSource : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<Credentials>? _read;
    private readonly string[] _files = [];
    private Credentials _current;
    private List<FileStamp> _stamps = [];
    private bool _disposed;

    /// <summary>Credentials that are replaced by <see cref="Replace"/>. The source owns them from now on.</summary>
    public CredentialSource(Credentials initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        _current = initial;
    }

    /// <summary>
    /// Credentials that <paramref name="read"/> makes, now, and again at the first connection after one of <paramref name="files"/>
    /// changed its time of writing or its length. Files and folders may be named; links are followed.
    /// </summary>
    /// <exception cref="CredentialException">The files cannot be used now; the message says why.</exception>
    public CredentialSource(Func<Credentials> read, params IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(files);
        _read = read;
        _files = [.. files];
        _stamps = FileStamp.Of(_files);
        _current = Usable(read());
    }

    /// <summary>The credentials of these files, as <see cref="Credentials.Load"/> reads them.</summary>
    /// <exception cref="CredentialException">They cannot be used now; the message says why.</exception>
    public static CredentialSource FromFiles(string caFile, string? certificateFile = null, string? keyFile = null, string? passphrase = null)
    {
        List<string> files = [caFile];
        if (certificateFile is not null && keyFile is not null)
        {
            files.AddRange([certificateFile, keyFile]);
        }

        return new CredentialSource(() => Credentials.Load(caFile, certificateFile, keyFile, passphrase), files);
    }

    /// <summary>
    /// Why the files, which have changed, could not be used at the last attempt, or null. Meanwhile the credentials from before serve on, and each
    /// connection that begins tries again: a certificate may have been written, and its key not yet.
    /// </summary>
    public Exception? LastProblem { get; private set; }

    /// <summary>How often the credentials were replaced.</summary>
    public int Replacements { get; private set; }

    /// <summary>The credentials that a connection would get now. They stay the source's.</summary>
    public Credentials Current
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _current;
            }
        }
    }

    /// <summary>Puts other credentials in place. The source owns them from now on; unusable ones are refused, and the present ones stay.</summary>
    /// <exception cref="CredentialException">No anchor can serve now, or the client's key cannot; the message says why.</exception>
    public void Replace(Credentials next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Adopt(Usable(next));
        }
    }

    /// <summary>Reads the files now, whether they changed or not. If that fails, the present credentials stay.</summary>
    /// <exception cref="CredentialException">The files cannot be used; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The credentials do not come from files.</exception>
    public void Reload()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Read(_read ?? throw new InvalidOperationException("These credentials do not come from files: give others to Replace."), FileStamp.Of(_files));
        }
    }

    /// <summary>Gives the present credentials up; connections that were begun with them go on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _current.Dispose();
        }
    }

    /// <summary>A hold on the present credentials for one connection. Bounded: looks at the time and length of each file.</summary>
    internal CredentialLease Borrow(DateTimeOffset now)
    {
        lock (_gate)
        {
            Refresh();
            return _current.Borrow(now);
        }
    }

    /// <summary>What cannot be used is told and not thrown: the connection that begins is not to blame.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What reads is the user's code and may throw anything; all of it is kept as LastProblem.")]
    private void Refresh()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        List<FileStamp> stamps = FileStamp.Of(_files);
        if (_read is null || stamps.TrueForAll(_stamps.Contains) && stamps.Count == _stamps.Count)
        {
            return;
        }

        try
        {
            Read(_read, stamps);
        }
        catch (Exception)
        {
            // LastProblem has it.
        }
    }

    /// <summary>The stamps were taken before, so that what changes while it is read is read again.</summary>
    private void Read(Func<Credentials> read, List<FileStamp> stamps)
    {
        try
        {
            Adopt(Usable(read()));
            _stamps = stamps;
        }
        catch (Exception e)
        {
            LastProblem = e;
            throw;
        }
    }

    private void Adopt(Credentials next)
    {
        Credentials before = _current;
        _current = next;
        LastProblem = null;
        Replacements++;
        if (!ReferenceEquals(before, next))
        {
            before.Dispose();
        }
    }

    /// <summary>Makes the image, as the first connection would: what fails there must not replace what works.</summary>
    private Credentials Usable(Credentials credentials)
    {
        try
        {
            credentials.Borrow(DateTimeOffset.UtcNow).Dispose();
            return credentials;
        }
        catch when (!ReferenceEquals(credentials, _current))
        {
            credentials.Dispose();
            throw;
        }
    }
}
