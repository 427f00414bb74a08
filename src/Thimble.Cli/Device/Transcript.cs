using System;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace Thimble.Cli.Device;

/// <summary>The lines that a program says, kept, handed on, and waited for.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();
    private bool _ended;

    /// <summary>Hears each line as it comes, on the thread that read it.</summary>
    public Action<string>? Heard { get; set; }

    /// <summary>All that was said.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>A place in <see cref="Text"/>: what comes after it was said later.</summary>
    public int Mark => Text.Length;

    /// <summary>Takes a line; null is the end.</summary>
    public void Add(string? line)
    {
        lock (_text)
        {
            _ended |= line is null;
            _text.Append(line).Append(line is null ? "" : "\n");
            Monitor.PulseAll(_text);
        }

        if (line is not null)
        {
            Heard?.Invoke(line);
        }
    }

    /// <summary>Waits until a line fits <paramref name="pattern"/>. An unsuccessful match where the program ended or the patience did.</summary>
    public Match WaitFor(string pattern, TimeSpan patience, int mark = 0)
    {
        long begin = Stopwatch.GetTimestamp();
        lock (_text)
        {
            while (true)
            {
                Match match = Regex.Match(_text.ToString(mark, _text.Length - mark), pattern);
                TimeSpan left = patience - Stopwatch.GetElapsedTime(begin);
                if (match.Success || _ended || left <= TimeSpan.Zero)
                {
                    return match;
                }

                Monitor.Wait(_text, left);
            }
        }
    }
}
