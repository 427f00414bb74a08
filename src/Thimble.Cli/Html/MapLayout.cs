using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Html;

/// <summary>Where everything of a map is drawn: columns from left to right as time passes, bytes of the buffer from top to bottom.</summary>
internal sealed class MapLayout
{
    /// <summary>The width of the picture.</summary>
    public const double Width = 1120;

    /// <summary>The height of the largest buffer of a page.</summary>
    public const double BufferHeight = 720;

    /// <summary>Where the buffer begins: versions, names of phases and their bytes stand above.</summary>
    public const double Top = 86;

    private const double Left = 52, RightMargin = 6, LeastPhaseWidth = 74, ColumnWeight = 46;

    private readonly double[] _edges;
    private readonly double _height;

    /// <param name="map">The plan.</param>
    /// <param name="columns">What passes.</param>
    /// <param name="largestBytes">The largest buffer of the page: pictures that are to be compared have one scale. 0 where there is one picture.</param>
    public MapLayout(MemoryMap map, IReadOnlyList<MapColumn> columns, int largestBytes = 0)
    {
        Map = map;
        _height = BufferHeight * map.PlannedBytes / Math.Max(largestBytes, map.PlannedBytes);
        Columns = columns;
        Phases = [.. columns.Select(column => column.Phase).Distinct()];
        double[] weights = [.. columns.Select(column => Math.Max(ColumnWeight, LeastPhaseWidth / columns.Count(other => other.Phase == column.Phase)))];
        double unit = (Width - Left - RightMargin) / weights.Sum();
        _edges = new double[columns.Count + 1];
        _edges[0] = Left;
        for (int i = 0; i < columns.Count; i++)
        {
            _edges[i + 1] = _edges[i] + (weights[i] * unit);
        }
    }

    public MemoryMap Map { get; }

    public IReadOnlyList<MapColumn> Columns { get; }

    /// <summary>The phases that have columns, in their order.</summary>
    public IReadOnlyList<Phase> Phases { get; }

    /// <summary>The whole buffer, over the whole time.</summary>
    public Box Buffer => new(Left, Top, _edges[^1] - Left, _height);

    /// <summary>Where an offset of the buffer lies.</summary>
    public double Y(int offset) => Top + (_height * offset / Map.PlannedBytes);

    /// <summary>A column over the whole buffer.</summary>
    public Box Column(int index) => new(_edges[index], Top, _edges[index + 1] - _edges[index], _height);

    /// <summary>A phase over the whole buffer.</summary>
    public Box Of(Phase phase) => Span(Columns.Index().Where(item => item.Item.Phase == phase).Select(item => item.Index));

    /// <summary>The phases that one version passes through and no other, or null where none has a column.</summary>
    public Box? Of(TlsVersions version)
    {
        PhaseSet own = Memory.Phases.Of(version);
        PhaseSet other = Memory.Phases.Of(version == TlsVersions.Tls12 ? TlsVersions.Tls13 : TlsVersions.Tls12);
        int[] columns = [.. Columns.Index().Where(item => own.Contains(item.Item.Phase) && !other.Contains(item.Item.Phase)).Select(item => item.Index)];
        return columns.Length == 0 ? null : Span(columns);
    }

    /// <summary>A region: a rectangle for each run of columns in which it is alive.</summary>
    public IEnumerable<Box> Of(MapRegion region)
    {
        var run = new List<int>();
        for (int i = 0; i <= Columns.Count; i++)
        {
            if (i < Columns.Count && region.IsAlive(Columns[i].Phase))
            {
                run.Add(i);
            }
            else if (run.Count > 0)
            {
                Box time = Span(run);
                yield return new Box(time.X, Y(region.Offset), time.Width, Y(region.Offset + region.Bytes) - Y(region.Offset));
                run.Clear();
            }
        }
    }

    private Box Span(IEnumerable<int> columns)
    {
        double from = _edges[columns.First()];
        return new Box(from, Top, _edges[columns.Last() + 1] - from, _height);
    }
}
