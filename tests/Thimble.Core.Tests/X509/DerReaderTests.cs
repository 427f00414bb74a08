using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using FsCheck;
using FsCheck.Fluent;
using Thimble.X509;
using Xunit;

namespace Thimble.Core.Tests.X509;

public sealed class DerReaderTests
{
    /// <summary>Walks any DER: constructed elements are entered, universal primitives read as atoms. Pieces come from <paramref name="nextPiece"/>.</summary>
    private static (bool Good, string Seen) Walk(byte[] input, Func<int, int> nextPiece)
    {
        DerState state = default;
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<DerState>(ref state)).Fill(0xA5);
        DerReader.Begin(ref state, (uint)input.Length);
        var seen = new System.Text.StringBuilder();
        int at = 0, depth = 0;
        bool inAtom = false;
        while (true)
        {
            int piece = Math.Min(nextPiece(at), input.Length - at);
            var reader = new DerReader(ref state, input.AsSpan(at, piece));
            bool ended = false;
            while (true)
            {
                if (!inAtom)
                {
                    if (!reader.Next(out byte tag))
                    {
                        break;
                    }

                    if (tag == DerTag.End)
                    {
                        if (depth == 0)
                        {
                            ended = true;
                            break;
                        }

                        Assert.True(reader.Leave());
                        depth--;
                        seen.Append('}');
                        continue;
                    }

                    if (DerTag.IsConstructed(tag))
                    {
                        if (!reader.Enter(tag))
                        {
                            break;
                        }

                        depth++;
                        seen.Append(tag.ToString("X2", null)).Append('{');
                        continue;
                    }

                    inAtom = true;
                }

                if (!reader.Atom(reader.Tag))
                {
                    break;
                }

                inAtom = false;
                seen.Append(reader.Tag.ToString("X2", null)).Append(reader.Length).Append(':').Append(Convert.ToHexString(reader.Value)).Append(' ');
            }

            if (reader.Failed)
            {
                return (false, string.Empty);
            }

            Assert.InRange(reader.Taken, 0, piece);
            at += reader.Taken;
            if (ended)
            {
                Assert.Equal(input.Length, at);
                return (true, seen.ToString());
            }

            Assert.Equal(piece, reader.Taken);
            Assert.True(at < input.Length, "The reader wants more than there is.");
        }
    }

    private static bool IsGood(string hex) => Walk(Convert.FromHexString(hex), _ => int.MaxValue).Good;

    [Theory]
    [InlineData("0500", true)]
    [InlineData("050100", false)] // NULL with contents
    [InlineData("058100", false)] // long form of a short length
    [InlineData("3080", false)] // indefinite
    [InlineData("30800000", false)]
    [InlineData("0000", false)] // end of contents
    [InlineData("1F0100", false)] // high tag number
    [InlineData("3F0100", false)]
    [InlineData("04820001AA", false)] // leading zero in the length
    [InlineData("0484000000", false)] // a length of four octets
    [InlineData("04FF", false)]
    [InlineData("3003020101", true)]
    [InlineData("3004020101", false)] // the container ends before its length
    [InlineData("3002020101", false)] // the element leaves its container
    [InlineData("30020201", false)]
    [InlineData("300102", false)] // the container ends within a header
    [InlineData("02", false)]
    [InlineData("020100", true)]
    [InlineData("0200", false)]
    [InlineData("02020001", false)]
    [InlineData("02020080", true)]
    [InlineData("0202FF80", false)]
    [InlineData("0202FF7F", true)]
    [InlineData("010100", true)]
    [InlineData("0101FF", true)]
    [InlineData("010101", false)]
    [InlineData("0102FFFF", false)]
    [InlineData("0100", false)]
    [InlineData("0300", false)]
    [InlineData("030100", true)]
    [InlineData("030101", false)]
    [InlineData("03020780", true)]
    [InlineData("03020781", false)] // an unused bit is set
    [InlineData("03020880", false)]
    [InlineData("0600", false)]
    [InlineData("06022A86", false)] // the last arc does not end
    [InlineData("06032A8001", false)] // an arc is not minimal
    [InlineData("0603550403", true)]
    [InlineData("", true)]
    public void Only_strict_der_is_read(string hex, bool good)
    {
        Assert.Equal(good, IsGood(hex));
        Assert.Equal(good, Walk(Convert.FromHexString(hex), _ => 1).Good);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65535)]
    [InlineData(65536)]
    public void Lengths_of_every_form_are_read(int bytes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(new byte[bytes]);
        (bool good, string seen) = Walk(writer.Encode(), _ => int.MaxValue);
        Assert.True(good);
        Assert.StartsWith($"04{bytes}:", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_nest_as_deep_as_certificates_need_and_no_deeper()
    {
        Assert.True(IsGood(Nested(DerEnds.Levels - 1)));
        Assert.False(IsGood(Nested(DerEnds.Levels)));
    }

    private static string Nested(int levels)
    {
        string hex = string.Empty;
        for (int i = 0; i < levels; i++)
        {
            hex = "30" + (hex.Length / 2).ToString("X2", null) + hex;
        }

        return hex;
    }

    [Fact]
    public void Every_split_of_what_the_platform_writes_reads_the_same()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            byte[] input = Write(random);
            (bool good, string seen) = Walk(input, _ => int.MaxValue);
            return good && Walk(input, _ => 1) == (good, seen) && Walk(input, _ => random.Next(0, 9)) == (good, seen);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Arbitrary_bytes_read_the_same_at_every_split()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), input =>
        {
            (bool, string) whole = Walk(input, _ => int.MaxValue);
            for (int split = 1; split < input.Length; split++)
            {
                if (Walk(input, at => at < split ? split - at : int.MaxValue) != whole)
                {
                    return false;
                }
            }

            return Walk(input, _ => 1) == whole;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_changed_byte_reads_the_same_at_every_split()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            byte[] input = Write(random);
            if (input.Length > 0)
            {
                input[random.Next(input.Length)] = (byte)random.Next(256);
            }

            Assert.Equal(Walk(input, _ => int.MaxValue), Walk(input, _ => random.Next(0, 5)));
        }
    }

    private static byte[] Write(Random random)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        WriteElements(writer, random, 0);
        return writer.Encode();
    }

    private static void WriteElements(AsnWriter writer, Random random, int depth)
    {
        for (int i = random.Next(4); i > 0; i--)
        {
            switch (random.Next(depth < 8 ? 6 : 5))
            {
                case 0:
                    writer.WriteInteger(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
                    break;
                case 1:
                    writer.WriteOctetString(new byte[random.Next(300)]);
                    break;
                case 2:
                    writer.WriteBoolean(random.Next(2) == 0);
                    break;
                case 3:
                    writer.WriteObjectIdentifier("2.5.29." + random.Next(100_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case 4:
                    writer.WriteNull();
                    break;
                default:
                    using (writer.PushSequence())
                    {
                        WriteElements(writer, random, depth + 1);
                    }

                    break;
            }
        }
    }
}
