using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors.Tests;

/// <summary>Products in all widths, also in those that this processor would not choose.</summary>
public sealed class VectorWidthTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 0, 5 }, { 7, 5, 3 }, { 13, 21, 18 }, { 12, 40, 32 }, { 25, 1100, 35 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void All_widths_agree_within_rounding(int m, int k, int n)
    {
        ShouldAgree<float>(m, k, n, ElementType.Float32);
        ShouldAgree<double>(m, k, n, ElementType.Float64);
    }

    private static void ShouldAgree<T>(int m, int k, int n, ElementType type)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor a = Layouts.Dense(new Shape(m, k), type, "a"), b = Layouts.Dense(new Shape(n, k), type, "b");
        Tensor bias = Layouts.Dense(new Shape(n), type, "c");
        double[] bound = Bound(a, b, bias);
        double[] scalar = Of<ScalarLane<T>, T, T>(a, b, bias);
        ShouldBeNear(Of<Lanes128<T>, Vector128<T>, T>(a, b, bias), scalar, bound);
        ShouldBeNear(Of<Lanes256<T>, Vector256<T>, T>(a, b, bias), scalar, bound);
        ShouldBeNear(Of<Lanes512<T>, Vector512<T>, T>(a, b, bias), scalar, bound);
    }

    private static double[] Of<TLanes, TVector, T>(Tensor a, Tensor b, Tensor bias)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor c = Tensor.Full(new Shape(a.Shape[0], b.Shape[0]), double.NaN, a.ElementType);
        var product = new Product<T>(
            Matrix<T>.Of(a), Matrix<T>.Transposed(b), Matrix<T>.Of(c), c.Shape[0], a.Shape[1], c.Shape[1],
            bias.Elements<T>(), bias.Offset, false);
        Blocks<TLanes, TVector, T>.Multiply(product, 0, product.Rows, 0, product.Columns);
        return c.ToDoubles();
    }

    private static void ShouldBeNear(double[] actual, double[] expected, double[] bound)
    {
        for (int i = 0; i < expected.Length; i++) actual[i].ShouldBe(expected[i], bound[i]);
    }

    /// <summary>
    /// Two sums of products that each err by k + 1 roundings of Σ|a·b| + |bias| (Higham 2002, eq. 3.5).
    /// </summary>
    private static double[] Bound(Tensor a, Tensor b, Tensor bias)
    {
        int m = a.Shape[0], k = a.Shape[1], n = b.Shape[0];
        double[] bound = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double magnitude = Math.Abs(bias[j]);
                for (int p = 0; p < k; p++) magnitude += Math.Abs(a[i, p] * b[j, p]);
                bound[i * n + j] = 4 * (k + 2) * Layouts.Rounding(a.ElementType) * magnitude + double.Epsilon;
            }
        }
        return bound;
    }
}
