namespace GradFlow.Tensors;

/// <summary>
/// Where everything lies while one sample is convolved: a padded copy of its channels, in which every entry (tap) of
/// the kernel is a constant distance away, so that one tile of multiply-adds serves all settings.
/// </summary>
/// <remarks>
/// With strides s, padded entry q·s + r lies in plane r at q: what one tap meets at neighbouring positions then are
/// neighbours. A plane has rows of <see cref="RowLength"/>, and position (y, x) of the result is number y·RowLength +
/// x; the few numbers between the end of a row and the next are computed for nothing. Zeros at the end of a row are
/// those at the beginning of the next where that is possible. Cotangents of the result are laid out by the same
/// numbers, between zeros.
/// </remarks>
internal sealed class ConvolutionPlan
{
    /// <summary>Numbers by which tiles may reach beyond the last position: three of the widest registers.</summary>
    private const int Slack = 48;

    // One kind of tile asks for them, so that they are made once.
    private int[]? _correlatedRows;
    private int[]? _correlatedColumns;

    public ConvolutionPlan(Convolution how, Shape x, Shape weight)
    {
        How = how;
        (Inputs, Outputs) = (weight[1], weight[0] / how.Groups);
        (Height, Width) = (x[2], x[3]);
        (OutHeight, OutWidth) = (how.Rows.PositionsAlong(Height), how.Columns.PositionsAlong(Width));
        int rowShift = (how.Rows.Reach - 1) / how.Rows.Stride, shift = (how.Columns.Reach - 1) / how.Columns.Stride;
        RowLength = IsSimple ? Math.Max(Width + how.Columns.Padding, OutWidth) : OutWidth + shift;
        PlaneSize = checked((OutHeight + rowShift) * RowLength + (IsSimple ? how.Columns.Padding : 0));
        Front = rowShift * RowLength + shift;
        Planes = FindPlanes();
        ForwardOffsets = new int[Inputs * how.Taps];
        for (int channel = 0; channel < Inputs; channel++)
            for (int plane = 0; plane < Planes.Length; plane++)
                foreach (Tap tap in Planes[plane].Taps)
                    ForwardOffsets[channel * how.Taps + tap.Index] =
                        channel * ChannelSize + plane * PlaneSize + tap.Shift;
    }

    public Convolution How { get; }

    /// <summary>Channels of one group that go in.</summary>
    public int Inputs { get; }

    /// <summary>Channels of one group that come out.</summary>
    public int Outputs { get; }

    public int Height { get; }

    public int Width { get; }

    public int OutHeight { get; }

    public int OutWidth { get; }

    public int RowLength { get; }

    /// <summary>Whether the one plane is the image with zeros around it.</summary>
    public bool IsSimple => How.IsSimple;

    /// <summary>Zeros before the first number of a simple plane.</summary>
    public int Margin => How.Rows.Padding * RowLength + How.Columns.Padding;

    /// <summary>Numbers of one plane of one channel: whole rows, and what the last one lacks at its end.</summary>
    public int PlaneSize { get; }

    /// <summary>Zeros before a channel's cotangents: the farthest that a tap reaches back.</summary>
    public int Front { get; }

    /// <summary>The planes that some tap meets.</summary>
    public Plane[] Planes { get; }

    /// <summary>From a position to what it meets, by channel of the group and tap.</summary>
    public int[] ForwardOffsets { get; }

    /// <summary>Numbers from one channel's planes to the next's.</summary>
    public int ChannelSize => checked(Planes.Length * PlaneSize);

    /// <summary>Numbers from one channel's cotangents to the next's.</summary>
    public int CotangentSize => checked(Front + PlaneSize + Slack);

    /// <summary>Positions of the result, those between rows included.</summary>
    public int Positions => (OutHeight - 1) * RowLength + OutWidth;

    /// <summary>Room for all padded channels of a sample.</summary>
    public int PaddedLength => checked(How.Groups * Inputs * ChannelSize + Slack);

    /// <summary>Room for all cotangents of a sample.</summary>
    public int CotangentLength => checked(How.Groups * Outputs * CotangentSize + Slack);

    /// <summary>
    /// <see cref="ForwardOffsets"/>, and where each channel's cotangents begin, filled up to whole tiles with the last.
    /// </summary>
    public (int[] Rows, int[] Columns) CorrelatedOffsets(int rowsPerTile, int columnsPerTile)
    {
        _correlatedRows ??= FilledUp(rowsPerTile, Outputs, i => Front + i * CotangentSize);
        _correlatedColumns ??= FilledUp(columnsPerTile, ForwardOffsets.Length, k => ForwardOffsets[k]);
        return (_correlatedRows, _correlatedColumns);
    }

    /// <summary>Whether it is the layout of these images [n, c, h, w], weights and results.</summary>
    public bool Fits(Shape x, Shape weight, Shape y) =>
        Is(x, x.Count == 0 ? 0 : x[0], Inputs * How.Groups, Height, Width)
        && Is(weight, Outputs * How.Groups, Inputs, How.Rows.Size, How.Columns.Size)
        && Is(y, x[0], Outputs * How.Groups, OutHeight, OutWidth);

    /// <summary>The rows of a plane that hold rows of an image.</summary>
    public (int First, int Count) RowsOf(Plane plane)
    {
        int rows = PlaneSize / RowLength;
        if (How.IsCircular) return (0, rows);
        (_, int stride, int padding, _) = How.Rows;
        int first = Math.Max(0, padding - plane.Row + stride - 1) / stride;
        int end = Math.Min(rows, Math.Max(0, Height - 1 + padding - plane.Row + stride) / stride);
        return (first, Math.Max(0, end - first));
    }

    private static bool Is(Shape shape, int first, int second, int third, int fourth) =>
        shape.Count == 4 && shape[0] == first && shape[1] == second && shape[2] == third && shape[3] == fourth;

    private static int[] FilledUp(int unit, int count, Func<int, int> offset) =>
        [.. Enumerable.Range(0, (count + unit - 1) / unit * unit).Select(i => offset(Math.Min(i, count - 1)))];

    private Plane[] FindPlanes()
    {
        var taps = new SortedDictionary<(int, int), List<Tap>>();
        for (int i = 0; i < How.Taps; i++)
        {
            int row = i / How.Columns.Size * How.Rows.Dilation, column = i % How.Columns.Size * How.Columns.Dilation;
            (int Row, int Column) phase = (row % How.Rows.Stride, column % How.Columns.Stride);
            if (!taps.TryGetValue(phase, out List<Tap>? found)) taps[phase] = found = [];
            found.Add(new Tap(i, row / How.Rows.Stride * RowLength + column / How.Columns.Stride));
        }
        return [.. taps.Select(p => new Plane(p.Key.Item1, p.Key.Item2, [.. p.Value], BackwardOffsets(p.Value)))];
    }

    /// <summary>From a number of a plane to the cotangents of the positions that met it, by channel and tap.</summary>
    private int[] BackwardOffsets(List<Tap> taps)
    {
        int[] offsets = new int[Outputs * taps.Count];
        for (int i = 0; i < offsets.Length; i++)
            offsets[i] = i / taps.Count * CotangentSize + Front - taps[i % taps.Count].Shift;
        return offsets;
    }
}

/// <summary>The padded entries of one remainder by the strides.</summary>
/// <param name="Row">The remainder along the height.</param>
/// <param name="Column">The remainder along the width.</param>
/// <param name="Taps">The taps that meet it.</param>
/// <param name="BackwardOffsets">From a number of the plane to cotangents, by channel of the group and tap.</param>
internal sealed record Plane(int Row, int Column, Tap[] Taps, int[] BackwardOffsets);

/// <summary>One entry of the kernel.</summary>
/// <param name="Index">Its number in the kernel, row by row.</param>
/// <param name="Shift">From a position to what the tap meets in its plane.</param>
internal readonly record struct Tap(int Index, int Shift);
