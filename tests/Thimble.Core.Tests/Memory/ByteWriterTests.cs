using System;
using Thimble.Memory;
using Xunit;

namespace Thimble.Core.Tests.Memory;

/// <summary>Fields in network order, and an overrun that stays.</summary>
public sealed class ByteWriterTests
{
    [Fact]
    public void Fields_stand_in_network_order()
    {
        byte[] destination = new byte[16];
        var writer = new ByteWriter(destination);
        writer.WriteUInt8(1);
        writer.WriteUInt16(0x0203);
        writer.WriteUInt24(0x7F040506);
        int vector = writer.BeginUInt16();
        writer.Write([7, 8, 9]);
        writer.Reserve(2)[1] = 10;
        writer.EndUInt16(vector);
        Assert.Equal((13, false), (writer.Position, writer.Overrun));
        Assert.Equal("01020304050600050708090A00000000".Length / 2, destination.Length);
        Assert.Equal([1, 2, 3, 4, 5, 6, 0, 5, 7, 8, 9, 0, 10], destination[..13]);
    }

    [Fact]
    public void After_an_overrun_nothing_more_is_written()
    {
        for (int size = 0; size < 6; size++)
        {
            byte[] destination = new byte[size + 4];
            var writer = new ByteWriter(destination.AsSpan(0, size));
            int vector = writer.BeginUInt16();
            writer.Write([0xFF, 0xFF]);
            writer.WriteUInt16(0xFFFF);
            Assert.True(writer.Overrun);
            int position = writer.Position;
            writer.WriteUInt8(0xFF);
            writer.Write([]);
            Assert.True(writer.Reserve(0).IsEmpty);
            Assert.True(writer.Reserve(1).IsEmpty);
            writer.EndUInt16(vector);
            Assert.Equal((position, true), (writer.Position, writer.Overrun));
            Assert.Equal(new byte[4], destination[size..]);
            Assert.False(destination.AsSpan(position).ContainsAnyExcept((byte)0));
        }
    }
}
