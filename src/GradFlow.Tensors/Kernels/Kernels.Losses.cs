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
        RequireMatrix(logits);
        RequireSameShape(logits, probabilities);
        RequireLabels(labels, logits);
        return IsFloat(logits)
            ? SoftmaxCrossEntropy<float>(logits, labels, probabilities)
            : SoftmaxCrossEntropy<double>(logits, labels, probabilities);
    }

    /// <summary>
    /// Softmax of each row of x [n, classes]; the row's largest entry is taken off first, so none overflows.
    /// </summary>
    public static void Softmax(Tensor x, Tensor into)
    {
        RequireMatrix(x);
        RequireSameShape(x, into);
        if (IsFloat(x)) Softmax<float>(x, into);
        else Softmax<double>(x, into);
    }

    /// <summary>factor·(p − onehot(label)): the cotangent of the logits.</summary>
    public static void SoftmaxCrossEntropyBackward(
        Tensor probabilities, ReadOnlySpan<int> labels, double factor, Tensor into)
    {
        RequireMatrix(probabilities);
        RequireLabels(labels, probabilities);
        Copy(probabilities, into);
        int classes = into.Shape[1];
        for (int i = 0; i < labels.Length; i++)
        {
            if (IsFloat(into)) into.AsSpan<float>()[i * classes + labels[i]] -= 1;
            else into.AsSpan<double>()[i * classes + labels[i]] -= 1;
        }
        Scale(into, factor, into);
    }

    /// <summary>
    /// Mean over all elements of the cross-entropy between σ(x) and target t: max(x,0) − x·t + ln(1+e^(−|x|)).
    /// </summary>
    public static double BinaryCrossEntropy(Tensor logits, Tensor targets) =>
        MeanOfPairs<CrossEntropyTerm>(logits, targets);

    /// <summary>factor·(σ(x) − t).</summary>
    public static void BinaryCrossEntropyBackward(Tensor logits, Tensor targets, double factor, Tensor into)
    {
        RequireSameShape(logits, targets);
        if (ReferenceEquals(targets, into)) throw new ArgumentException("the targets cannot be the destination");
        Sigmoid(logits, into);
        Subtract(into, targets, into);
        Scale(into, factor, into);
    }

    /// <summary>Mean over all elements of (x − t)².</summary>
    public static double MeanSquaredError(Tensor x, Tensor targets) => MeanOfPairs<SquaredErrorTerm>(x, targets);

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

    private static void RequireLabels(ReadOnlySpan<int> labels, Tensor outputs)
    {
        int classes = outputs.Shape[1];
        if (labels.Length != outputs.Shape[0])
            throw new ArgumentException(
                $"{labels.Length} labels for outputs of shape {outputs.Shape}; expected one per row");
        foreach (int label in labels)
        {
            if (label < 0 || label >= classes)
                throw new ArgumentException($"label {label} with {classes} outputs; expected 0 to {classes - 1}");
        }
    }

    private static double MeanOfPairs<TTerm>(Tensor x, Tensor targets)
        where TTerm : IPairTerm
    {
        RequireSameShape(x, targets);
        double sum = 0;
        if (IsFloat(x))
        {
            ReadOnlySpan<float> xs = x.AsSpan<float>(), ts = targets.AsSpan<float>();
            for (int i = 0; i < xs.Length; i++) sum += TTerm.Of(xs[i], ts[i]);
        }
        else
        {
            ReadOnlySpan<double> xs = x.AsSpan<double>(), ts = targets.AsSpan<double>();
            for (int i = 0; i < xs.Length; i++) sum += TTerm.Of(xs[i], ts[i]);
        }
        return sum / x.Size;
    }

    private interface IPairTerm
    {
        static abstract double Of(double x, double target);
    }

    private readonly struct SquaredErrorTerm : IPairTerm
    {
        public static double Of(double x, double target) => (x - target) * (x - target);
    }

    private readonly struct CrossEntropyTerm : IPairTerm
    {
        public static double Of(double x, double target) =>
            Math.Max(x, 0) - x * target + LogOfOnePlus(Math.Exp(-Math.Abs(x)));

        /// <summary>
        /// ln(1+u) without the loss of u's digits (Kahan), so that a confident answer's loss is not 0.
        /// </summary>
        private static double LogOfOnePlus(double u)
        {
            double sum = 1 + u;
            return sum == 1 ? u : Math.Log(sum) * u / (sum - 1);
        }
    }
}
