using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = γ·x̂ + β with x̂ = (x − μ)/√(variance + ε), per row over the last dimension, biased variance (Ba, Kiros
    /// &amp; Hinton 2016); with ĝ = γ∘∂y, ∂x = (ĝ − mean(ĝ) − x̂·mean(ĝ∘x̂))/√(variance + ε), ∂γ = Σ ∂y∘x̂ and ∂β = Σ
    /// ∂y over the rows.
    /// </summary>
    /// <param name="x">[n, f], or sequences [n, T, f].</param>
    /// <param name="gain">γ, [f].</param>
    /// <param name="shift">β, [f].</param>
    /// <param name="epsilon">ε; 1e-5 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable LayerNorm(Variable x, Variable gain, Variable shift, double epsilon = 1e-5)
    {
        Tape tape = SameTape(x, gain);
        SameTape(x, shift);
        if (tape.Recall<LayerNormOperation>(x, gain, shift) is { } again && again.Epsilon == epsilon)
            return tape.Repeat(again);
        if (x.Shape.Count is not (2 or 3) || gain.Shape != new Shape(x.Shape[^1]) || shift.Shape != gain.Shape)
            throw new ArgumentException(
                $"input {x.Shape} with gain {gain.Shape} and shift {shift.Shape}; "
                    + "expected [n, f], [f], [f] or [n, T, f], [f], [f]");
        return tape.Record(new LayerNormOperation(x, gain, shift, epsilon));
    }

    private sealed class LayerNormOperation : Operation
    {
        // From here on the kernel shares the rows among threads by itself.
        private const int Large = 1 << 16;
        private readonly Variable _x, _gain, _shift;

        public LayerNormOperation(Variable x, Variable gain, Variable shift, double epsilon)
            : base("layer-norm", [x, gain, shift], x.Shape)
        {
            (_x, _gain, _shift, Epsilon) = (x, gain, shift, epsilon);
            IsLarge = x.Shape.Size >= Large;
        }

        public double Epsilon { get; }

        public override void Compute(Tensor x, Tensor y) =>
            Kernels.LayerNorm(x, _gain.Unforced, _shift.Unforced, Epsilon, y);

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            Tape tape = Output.Tape;
            Tensor gx = tape.Borrow(_x.Unforced), gGain = tape.Borrow(_gain.Unforced);
            Tensor gShift = tape.Borrow(_shift.Unforced);
            Kernels.LayerNormBackward(
                _x.Unforced, _gain.Unforced, Epsilon, cotangent, gx, gGain, gShift, tape.Pool);
            Hand(0, gx);
            Hand(1, gGain);
            Hand(2, gShift);

            void Hand(int input, Tensor share)
            {
                if (sink.Wants(input)) sink.Give(input, share);
                else tape.Pool.Return(share);
            }
        }
    }
}
