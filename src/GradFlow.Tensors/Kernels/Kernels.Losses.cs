using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Softmax of each row of logits [n, classes] and the mean over rows of −ln p(label), summed in float64.
    /// </summary>
    public static double SoftmaxCrossEntropy(Tensor logits, ReadOnlySpan<int> labels, Tensor probabilities)
    {
        RequireSameShape(logits, probabilities);
        return IsFloat(logits)
            ? SoftmaxCrossEntropy<float>(logits, labels, probabilities)
            : SoftmaxCrossEntropy<double>(logits, labels, probabilities);
    }

    /// <summary>Softmax of each row of x [n, classes]; the row's largest entry is taken off first, so none overflows.</summary>
    public static void Softmax(Tensor x, Tensor into)
    {
        RequireSameShape(x, into);
        if (IsFloat(x)) Softmax<float>(x, into);
        else Softmax<double>(x, into);
    }

    /// <summary>factor·(p − onehot(label)): the cotangent of the logits.</summary>
    public static void SoftmaxCrossEntropyBackward(Tensor probabilities, ReadOnlySpan<int> labels, double factor, Tensor into)
    {
        Copy(probabilities, into);
        int classes = into.Shape[1];
        for (int i = 0; i < labels.Length; i++)
        {
            if (IsFloat(into)) into.AsSpan<float>()[i * classes + labels[i]] -= 1;
            else into.AsSpan<double>()[i * classes + labels[i]] -= 1;
        }
        Scale(into, factor, into);
    }

    /// <summary>Mean over all elements of the cross-entropy between σ(x) and target t: max(x,0) − x·t + ln(1+e^(−|x|)).</summary>
    public static double BinaryCrossEntropy(Tensor logits, Tensor targets)
    {
        double sum = 0;
        ForEachPair(logits, targets, (x, t) => sum += Math.Max(x, 0) - x * t + Math.Log(1 + Math.Exp(-Math.Abs(x))));
        return sum / logits.Size;
    }

    /// <summary>factor·(σ(x) − t).</summary>
    public static void BinaryCrossEntropyBackward(Tensor logits, Tensor targets, double factor, Tensor into)
    {
        Sigmoid(logits, into);
        Subtract(into, targets, into);
        Scale(into, factor, into);
    }

    /// <summary>Mean over all elements of (x − t)².</summary>
    public static double MeanSquaredError(Tensor x, Tensor targets)
    {
        double sum = 0;
        ForEachPair(x, targets, (value, target) => sum += (value - target) * (value - target));
        return sum / x.Size;
    }

    private static double SoftmaxCrossEntropy<T>(Tensor logits, ReadOnlySpan<int> labels, Tensor probabilities)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = logits.Shape[0], classes = logits.Shape[1];
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> x = logits.AsSpan<T>().Slice(i * classes, classes);
            (T largest, T total) = SoftmaxRow(x, probabilities.AsSpan<T>().Slice(i * classes, classes));
            sum += Math.Log(double.CreateTruncating(total)) - double.CreateTruncating(x[labels[i]] - largest);
        }
        return sum / rows;
    }

    private static void Softmax<T>(Tensor x, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = x.Shape[0], classes = x.Shape[1];
        for (int i = 0; i < rows; i++)
            SoftmaxRow<T>(x.AsSpan<T>().Slice(i * classes, classes), into.AsSpan<T>().Slice(i * classes, classes));
    }

    /// <summary>Softmax of one row; returns its largest entry and the sum of exponentials relative to it.</summary>
    private static (T Largest, T Total) SoftmaxRow<T>(ReadOnlySpan<T> x, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T largest = TensorPrimitives.Max(x);
        TensorPrimitives.Subtract(x, largest, into);
        TensorPrimitives.Exp<T>(into, into);
        T total = TensorPrimitives.Sum<T>(into);
        TensorPrimitives.Divide(into, total, into);
        return (largest, total);
    }

    private static void ForEachPair(Tensor a, Tensor b, Action<double, double> visit)
    {
        RequireSameShape(a, b);
        for (int i = 0; i < a.Size; i++)
        {
            if (IsFloat(a)) visit(a.AsSpan<float>()[i], b.AsSpan<float>()[i]);
            else visit(a.AsSpan<double>()[i], b.AsSpan<double>()[i]);
        }
    }
}
