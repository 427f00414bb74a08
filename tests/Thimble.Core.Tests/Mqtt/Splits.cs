using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>The ways in which a stream may be cut: whole, byte by byte, at every place in two, and at random in many.</summary>
internal static class Splits
{
    private const int Seed = 20_311;

    public static IEnumerable<int[]> Of(int length)
    {
        yield return [];
        yield return Enumerable.Range(0, length).ToArray();
        for (int cut = 0; cut <= length; cut++)
        {
            yield return [cut];
        }

        var random = new Random(Seed);
        for (int i = 0; i < 200; i++)
        {
            yield return Enumerable.Range(0, random.Next(2, 12)).Select(_ => random.Next(length + 1)).Order().ToArray();
        }
    }
}
