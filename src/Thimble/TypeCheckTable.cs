using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// The runtime remembers the answers of type checks in a table of its own, and doubles it on the garbage-collected heap,
/// up to 4,096 entries, when generic code is loaded and a place is taken. Whether and where that happens changes from
/// process to process, so the first handshake of a process would allocate 12,336 bytes now and then though the
/// engine allocates nothing. Asking for some thousand checks beforehand lets the table grow up once and for all.
/// </summary>
internal static class TypeCheckTable
{
    private static readonly Lazy<int> s_filled = new(Ask);

    /// <summary>Fills the table, the first time that it is called in a process: about a millisecond.</summary>
    public static void Fill() => _ = s_filled.Value;

    /// <summary>Every type against every other: more pairs than the table has places. Returns how many fit.</summary>
    private static int Ask()
    {
        Type[] types =
        [
            typeof(bool), typeof(byte), typeof(sbyte), typeof(char), typeof(short), typeof(ushort), typeof(int), typeof(uint),
            typeof(long), typeof(ulong), typeof(nint), typeof(nuint), typeof(Half), typeof(float), typeof(double), typeof(decimal),
            typeof(Int128), typeof(UInt128), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Guid),
            typeof(object), typeof(string), typeof(Array), typeof(Delegate), typeof(Exception), typeof(Version), typeof(Uri), typeof(Random),
            typeof(IComparable), typeof(IFormattable), typeof(IConvertible), typeof(IDisposable), typeof(ICloneable), typeof(IEnumerable), typeof(ICollection), typeof(IList),
            typeof(bool[]), typeof(byte[]), typeof(sbyte[]), typeof(char[]), typeof(short[]), typeof(ushort[]), typeof(int[]), typeof(uint[]),
            typeof(long[]), typeof(ulong[]), typeof(float[]), typeof(double[]), typeof(decimal[]), typeof(object[]), typeof(string[]), typeof(Guid[]),
            typeof(List<int>), typeof(List<string>), typeof(Dictionary<int, int>), typeof(HashSet<int>), typeof(Queue<int>), typeof(Stack<int>), typeof(Comparer<int>), typeof(EqualityComparer<int>),
            typeof(Stream), typeof(MemoryStream), typeof(TextReader), typeof(TextWriter), typeof(CultureInfo), typeof(Thread), typeof(Task), typeof(CancellationToken),
            typeof(IEnumerable<int>), typeof(IEnumerable<string>), typeof(ICollection<int>), typeof(IList<int>), typeof(IReadOnlyList<int>), typeof(IDictionary<int, int>), typeof(ISet<int>), typeof(IAsyncDisposable),
        ];
        int fitting = 0;
        foreach (Type to in types)
        {
            foreach (Type from in types)
            {
                fitting += to.IsAssignableFrom(from) ? 1 : 0;
            }
        }

        return fitting;
    }
}
