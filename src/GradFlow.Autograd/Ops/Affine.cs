using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x·Wᵀ + b of x [n, in], or each time step of sequences [n, T, in], W [out, in] and b [out] (or none);
    /// ∂x = ∂y·W, ∂W = ∂yᵀ·x, ∂b = Σₙ ∂y.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable Affine(Variable x, Variable weight, Variable? bias)
    {
        Tape tape = SameTape(x, weight);
        if (tape.Recall<AffineOperation>(x, weight, bias) is { } again) return tape.Repeat(again);
        if (x.Shape.Count is not (2 or 3) || weight.Shape.Count != 2 || x.Shape[^1] != weight.Shape[1])
            throw new ArgumentException(
                $"input {x.Shape} does not fit weight {weight.Shape}; expected [n, in] or [n, T, in], and [out, in]");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ArgumentException($"bias {bias.Shape} does not fit weight {weight.Shape}; expected [out]");
        return tape.Record(new AffineOperation(x, weight, bias));
    }

    private sealed class AffineOperation : Operation, IParameterGradients
    {
        // Beyond this many multiply-adds a product is worth being shared among threads by itself.
        private const long Large = 1 << 21;
        private readonly Variable _x, _weight;
        private readonly Variable? _bias;
        private Cotangent _cotangent;
        private volatile bool _isDone;

        public AffineOperation(Variable x, Variable weight, Variable? bias)
            : base(
                "affine", bias is null ? [x, weight] : [x, weight, bias],
                x.Shape.Count == 2
                    ? new Shape(x.Shape[0], weight.Shape[0])
                    : new Shape(x.Shape[0], x.Shape[1], weight.Shape[0]))
        {
            (_x, _weight, _bias) = (x, weight, bias);
            Of = bias is null ? [weight] : [weight, bias];
            IsLarge = (long)(x.Shape.Size / Math.Max(1, x.Shape[^1])) * weight.Shape.Size >= Large;
        }

        public Variable[] Of { get; }

        public bool IsDone => _isDone;

        public Tensor Cotangent => _cotangent.Mantissa;

        public override void Compute(Tensor x, Tensor y) =>
            Kernels.Affine(x.Rows(), _weight.Unforced, _bias?.Unforced, y.Rows());

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            Tape tape = Output.Tape;
            bool isLeft = sink.TryLeave(this);
            if (sink.Wants(0))
            {
                Tensor gx = tape.Borrow(_x.Unforced);
                Kernels.MatMul(cotangent.Rows(), _weight.Unforced, gx.Rows());
                sink.Give(0, gx);
            }
            if (isLeft) return;
            if (sink.Wants(1)) sink.Give(1, Product(tape, cotangent.Rows().Transpose(), _x.Unforced.Rows()));
            if (_bias is not null && sink.Wants(2)) sink.Give(2, SummedTo(tape, cotangent.Rows(), _bias.Shape));
        }

        public void Begin(Cotangent cotangent)
        {
            _cotangent = cotangent;
            _isDone = false;
        }

        public void Run(int chunk)
        {
            try
            {
                Tensor g = _cotangent.Mantissa.Rows(), gradient = _weight.Parameter!.Gradient;
                Kernels.MatMul(g, _x.Unforced.Rows(), gradient, transposeA: true);
                Kernels.ScaleByPowerOfTwoInPlace(gradient, _cotangent.Exponent);
                if (_bias is null) return;
                Kernels.SumTo(g, _bias.Parameter!.Gradient);
                Kernels.ScaleByPowerOfTwoInPlace(_bias.Parameter.Gradient, _cotangent.Exponent);
            }
            finally
            {
                _isDone = true;
            }
        }
    }
}
