using System.Numerics;

namespace GradFlow.Tensors.Tests;

/// <summary>Functions on lanes, at each width, against float64's own.</summary>
public sealed class PackedKernelTests
{
    [Fact]
    public void Gates_and_squashing_are_right_to_three_units_of_the_last_place_at_any_width()
    {
        Check<float, WidePacked<float>>(MathF.BitIncrement);
        Check<float, NativePacked<float>>(MathF.BitIncrement);
        Check<double, WidePacked<double>>(Math.BitIncrement);
        Check<double, NativePacked<double>>(Math.BitIncrement);
    }

    [Fact]
    public void A_vector_at_an_array_s_end_reads_zeros_and_writes_nothing_behind_it()
    {
        CheckEnd<float, WidePacked<float>>();
        CheckEnd<double, NativePacked<double>>();
    }

    private static void Check<T, V>(Func<T, T> next)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        T smallest = T.CreateTruncating(typeof(T) == typeof(float) ? 1.2e-38 : 2.3e-308);
        foreach (double value in Arguments())
        {
            T x = T.CreateTruncating(value);
            double exact = double.CreateTruncating(x);
            Near(PackedFunctions<T, V>.Tanh(V.Fill(x)), Math.Tanh(exact), $"tanh {x}");
            Near(PackedFunctions<T, V>.Sigmoid(V.Fill(x)), 1 / (1 + Math.Exp(-exact)), $"sigmoid {x}");
        }
        One<T, V>(PackedFunctions<T, V>.Tanh(V.Fill(T.NaN))).ShouldBe(T.NaN);
        One<T, V>(PackedFunctions<T, V>.Sigmoid(V.Fill(T.NaN))).ShouldBe(T.NaN);

        void Near(V lanes, double expected, string what)
        {
            double bound = double.CreateTruncating(T.Max(
                smallest, next(T.CreateTruncating(Math.Abs(expected))) - T.CreateTruncating(Math.Abs(expected))));
            // Three of its own and, in float64, two of the reference.
            double.CreateTruncating(One<T, V>(lanes)).ShouldBe(expected, 5 * bound, what);
        }
    }

    private static IEnumerable<double> Arguments()
    {
        for (double x = -20; x <= 20; x += 0.0713) yield return x;
        for (int exponent = -30; exponent < 8; exponent++)
        {
            yield return Math.Pow(10, exponent);
            yield return -Math.Pow(10, exponent);
        }
        yield return 0;
        yield return double.PositiveInfinity;
        yield return double.NegativeInfinity;
    }

    private static void CheckEnd<T, V>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        T[] numbers = [.. Enumerable.Range(1, V.Count + 1).Select(i => T.CreateTruncating(i))];
        var into = new T[V.Count];
        PackedRows<T, V>.Load(numbers, V.Count).Store(ref into[0]);
        into.ShouldBe([numbers[^1], .. new T[V.Count - 1]]);
        PackedRows<T, V>.Store(numbers, V.Count - 1, V.Fill(T.Zero), 1);
        numbers[^1].ShouldBe(T.CreateTruncating(V.Count + 1));
        numbers[^2].ShouldBe(T.Zero);
    }

    private static T One<T, V>(V lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
        where V : struct, IPacked<V, T>
    {
        var all = new T[V.Count];
        lanes.Store(ref all[0]);
        all.ShouldAllBe(x => x.Equals(all[0]));
        return all[0];
    }
}
