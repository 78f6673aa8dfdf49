namespace GradFlow.Tensors;

/// <summary>How a convolution's kernel slides over images. Immutable.</summary>
public sealed class Convolution
{
    private ConvolutionPlan? _latest;

    /// <summary>Sets it up.</summary>
    /// <param name="rows">The kernel along an image's height; <see cref="Window.Single"/> for sequences.</param>
    /// <param name="columns">The kernel along an image's width, or along a sequence.</param>
    /// <param name="groups">
    /// Into how many groups the channels fall; each output looks at the inputs of its group alone.
    /// </param>
    /// <param name="isCircular">Whether padding goes on at the other side rather than with zeros.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public Convolution(Window rows, Window columns, int groups = 1, bool isCircular = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        rows.PositionsAlong(rows.Reach);
        columns.PositionsAlong(columns.Reach);
        Rows = rows;
        Columns = columns;
        Groups = groups;
        IsCircular = isCircular;
    }

    /// <summary>The kernel along an image's height.</summary>
    public Window Rows { get; }

    /// <summary>The kernel along an image's width, or along a sequence.</summary>
    public Window Columns { get; }

    /// <summary>Into how many groups the channels fall.</summary>
    public int Groups { get; }

    /// <summary>Whether padding goes on at the other side rather than with zeros.</summary>
    public bool IsCircular { get; }

    /// <summary>Entries of one kernel.</summary>
    internal int Taps => Rows.Size * Columns.Size;

    /// <summary>Whether one padded copy of an image serves all positions, with zeros around it.</summary>
    internal bool IsSimple => Rows.Stride == 1 && Columns.Stride == 1 && !IsCircular;

    /// <summary>The shape of the result, [n, out, h', w'].</summary>
    /// <param name="x">That of the images, [n, c, h, w].</param>
    /// <param name="weight">That of the weights, [out, c/groups, rows, columns].</param>
    /// <exception cref="ArgumentException">They don't fit each other or these settings.</exception>
    public Shape ShapeOf(Shape x, Shape weight)
    {
        if (x.Count != 4 || weight.Count != 4 || weight[2] != Rows.Size || weight[3] != Columns.Size
            || x[1] != weight[1] * Groups || weight[0] % Groups != 0)
            throw new ArgumentException(
                $"input {x} does not fit weight {weight}; expected [n, c, h, w] and [out, c/groups, {Rows.Size}, "
                    + $"{Columns.Size}] with {Groups} {(Groups == 1 ? "group" : "groups")} dividing c and out");
        if (IsCircular && (Rows.Padding > x[2] || Columns.Padding > x[3]))
            throw new ArgumentException(
                $"circular padding of {Rows.Padding} by {Columns.Padding} around images of {x[2]} by {x[3]}; "
                    + "expected at most one turn");
        return new Shape(x[0], weight[0], Rows.PositionsAlong(x[2]), Columns.PositionsAlong(x[3]));
    }

    /// <summary>The layout that was asked for last: a net sees the same again and again.</summary>
    internal ConvolutionPlan? Latest => _latest;

    /// <summary>The layout for images and weights that fit.</summary>
    internal ConvolutionPlan PlanFor(Shape x, Shape weight) => _latest = new ConvolutionPlan(this, x, weight);
}
