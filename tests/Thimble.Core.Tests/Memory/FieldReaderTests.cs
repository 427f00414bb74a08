using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Xunit;

namespace Thimble.Core.Tests.Memory;

/// <summary>One structure, read whole and at every split: numbers of each size, bytes, and bytes that are skipped.</summary>
public sealed class FieldReaderTests
{
    private static readonly byte[] Input = [1, 2, 3, 4, 5, 6, 0xF7, 8, 9, 10, .. Enumerable.Range(11, 20).Select(static i => (byte)i), 99];

    private static readonly string Expected = "1 203 40506 F708090A 0B0C0D0E0F skipped 63";

    [Fact]
    public void Whole() => Assert.Equal(Expected, Read([Input]));

    [Fact]
    public void Byte_by_byte_and_with_empty_pieces() => Assert.Equal(Expected, Read(Input.SelectMany(static b => new byte[][] { [], [b] })));

    [Fact]
    public void Every_split_in_two() =>
        Assert.All(Enumerable.Range(0, Input.Length + 1), static at => Assert.Equal(Expected, Read([Input[..at], Input[at..]])));

    [Fact]
    public void Two_hundred_splits_in_many()
    {
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            int[] cuts = [0, .. Enumerable.Range(0, random.Next(2, 9)).Select(_ => random.Next(Input.Length)).Order(), Input.Length];
            Assert.Equal(Expected, Read(cuts.Zip(cuts.Skip(1), static (from, to) => Input[from..to])));
        }
    }

    [Fact]
    public void Nothing_is_taken_beyond_a_field()
    {
        FieldCursor cursor = default;
        var reader = new FieldReader(ref cursor, Input);
        Assert.True(reader.TryNumber(2, out uint value));
        Assert.Equal((0x0102u, 2, Input.Length - 2), (value, reader.Consumed, reader.Rest.Length));
        Assert.True(reader.TryBytes(default));
        uint left = 0;
        Assert.True(reader.TrySkip(ref left));
        reader.Advance(3);
        Assert.Equal(5, reader.Consumed);
    }

    private static string Read(IEnumerable<byte[]> pieces)
    {
        FieldCursor cursor = default;
        byte[] bytes = new byte[5];
        var output = new List<string>();
        foreach (byte[] piece in pieces)
        {
            var reader = new FieldReader(ref cursor, piece);
            while (Step(ref cursor, ref reader, bytes, output))
            {
            }

            Assert.Equal(piece.Length, reader.Consumed);
        }

        return string.Join(' ', output);
    }

    private static bool Step(ref FieldCursor cursor, ref FieldReader reader, byte[] bytes, List<string> output)
    {
        switch (cursor.Step)
        {
            case 0 or 1 or 2 or 3:
                return reader.TryNumber(cursor.Step + 1, out uint value) && Next(ref cursor, output, $"{value:X}");
            case 4:
                cursor.ElementLeft = 15;
                return reader.TryBytes(bytes) && Next(ref cursor, output, Convert.ToHexString(bytes));
            case 5:
                return reader.TrySkip(ref cursor.ElementLeft) && Next(ref cursor, output, "skipped");
            case 6:
                return reader.TryNumber(1, out uint last) && Next(ref cursor, output, $"{last:X}");
            default:
                return false;
        }
    }

    private static bool Next(ref FieldCursor cursor, List<string> output, string text)
    {
        output.Add(text);
        cursor.Step++;
        return true;
    }
}
