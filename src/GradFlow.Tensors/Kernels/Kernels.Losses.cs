using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Softmax of each row of logits [n, classes] and the mean over rows of −ln p(label), summed in float64. Rows of
    /// label −1 aren't counted; the mean over none is 0.
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

    /// <summary>factor·(p − onehot(label)): the cotangent of the logits; 0 in rows of label −1.</summary>
    public static void SoftmaxCrossEntropyBackward(
        Tensor probabilities, ReadOnlySpan<int> labels, double factor, Tensor into)
    {
        RequireMatrix(probabilities);
        RequireLabels(labels, probabilities);
        Copy(probabilities, into);
        int classes = into.Shape[1];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Uncounted) FillInPlace(into.Slice(0, i, 1), 0);
            else if (IsFloat(into)) into.AsSpan<float>()[i * classes + labels[i]] -= 1;
            else into.AsSpan<double>()[i * classes + labels[i]] -= 1;
        }
        Scale(into, factor, into);
    }

    /// <summary>
    /// Mean over all elements of the cross-entropy between σ(x) and target t: max(x,0) − x·t + ln(1+e^(−|x|)). Elements
    /// whose target is NaN aren't counted; the mean over none is 0.
    /// </summary>
    public static double BinaryCrossEntropy(Tensor logits, Tensor targets) =>
        MeanOfPairs<CrossEntropyTerm>(logits, targets);

    /// <summary>factor·(σ(x) − t); 0 where the target is NaN.</summary>
    public static void BinaryCrossEntropyBackward(Tensor logits, Tensor targets, double factor, Tensor into)
    {
        RequireSameShape(logits, targets);
        if (ReferenceEquals(targets, into)) throw new ArgumentException("the targets cannot be the destination");
        Sigmoid(logits, into);
        SubtractTargets(into, targets, factor, into);
    }

    /// <summary>
    /// Mean over all elements of (x − t)². Elements whose target is NaN aren't counted; the mean over none is 0.
    /// </summary>
    public static double MeanSquaredError(Tensor x, Tensor targets) => MeanOfPairs<SquaredErrorTerm>(x, targets);

    /// <summary>factor·(x − t); 0 where the target is NaN.</summary>
    public static void MeanSquaredErrorBackward(Tensor x, Tensor targets, double factor, Tensor into)
    {
        RequireSameShape(x, targets);
        if (ReferenceEquals(targets, into)) throw new ArgumentException("the targets cannot be the destination");
        SubtractTargets(x, targets, factor, into);
    }

    /// <summary>How many targets are numbers, and so are counted.</summary>
    public static int CountTargets(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return IsFloat(targets) ? CountTargets(targets.AsSpan<float>()) : CountTargets(targets.AsSpan<double>());
    }

    private const int Uncounted = -1;

    private static int CountTargets<T>(ReadOnlySpan<T> targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = 0;
        foreach (T target in targets) count += T.IsNaN(target) ? 0 : 1;
        return count;
    }

    private static void SubtractTargets(Tensor x, Tensor targets, double factor, Tensor into)
    {
        Subtract(x, targets, into);
        Scale(into, factor, into);
        if (CountTargets(targets) == targets.Size) return;
        if (IsFloat(into)) ClearUncounted(targets.AsSpan<float>(), into.AsSpan<float>());
        else ClearUncounted(targets.AsSpan<double>(), into.AsSpan<double>());
    }

    private static void ClearUncounted<T>(ReadOnlySpan<T> targets, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < targets.Length; i++)
            if (T.IsNaN(targets[i])) into[i] = T.Zero;
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
            if (labels[i] == Uncounted) continue;
            sum += Math.Log(double.CreateTruncating(total)) - double.CreateTruncating(x[labels[i]] - largest);
        }
        return sum / Math.Max(1, rows - labels.Count(Uncounted));
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
            if (label < Uncounted || label >= classes)
                throw new ArgumentException(
                    $"label {label} with {classes} outputs; expected 0 to {classes - 1}, or -1 for none");
        }
    }

    private static double MeanOfPairs<TTerm>(Tensor x, Tensor targets)
        where TTerm : IPairTerm
    {
        RequireSameShape(x, targets);
        return IsFloat(x)
            ? MeanOfPairs<TTerm, float>(x.AsSpan<float>(), targets.AsSpan<float>())
            : MeanOfPairs<TTerm, double>(x.AsSpan<double>(), targets.AsSpan<double>());
    }

    private static double MeanOfPairs<TTerm, T>(ReadOnlySpan<T> xs, ReadOnlySpan<T> targets)
        where TTerm : IPairTerm
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            if (T.IsNaN(targets[i])) continue;
            sum += TTerm.Of(double.CreateTruncating(xs[i]), double.CreateTruncating(targets[i]));
            count++;
        }
        return sum / Math.Max(1, count);
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
