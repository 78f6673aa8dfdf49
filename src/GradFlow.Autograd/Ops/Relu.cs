using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = max(x, 0); ∂x = ∂y where x &gt; 0, else 0 (also at 0, as PyTorch has it).</summary>
    public static Variable Relu(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RectifiedNormOperation? again = x.Tape.Recall<RectifiedNormOperation>(x);
        if (again is not null && x.Tape.IsRecomputing) return x.Tape.Repeat(again);
        (ChannelNormOperation? norm, Variable? added) =
            x.Node is AddOperation { Norm: { } last } sum && last.IsBeside(x)
                ? (last, sum.Inputs[0])
                : (NormBehind(x), null);
        if (norm is null) return Elementwise("relu", x, Kernels.Relu, (g, x, _, to) => Kernels.ReluBackward(x, g, to));
        return again is not null
            ? x.Tape.Repeat(again)
            : x.Tape.Record(new RectifiedNormOperation(x, norm, added)
            {
                IsLarge = true,
                LooksThrough = true,
                IsDeferred = added is null,
            });
    }

    /// <summary>
    /// The rectifier behind a normalisation, or behind its sum with something else, in one walk with them.
    /// </summary>
    private sealed class RectifiedNormOperation(Variable x, ChannelNormOperation norm, Variable? added)
        : Operation("relu", [x], x.Shape)
    {
        /// <summary>The normalisation, where nothing was added: whoever can, computes from its images.</summary>
        public ChannelNormOperation? Norm => added is null ? norm : null;

        public override void Compute(Tensor x, Tensor y) =>
            Kernels.RectifyNormalizedChannels(norm.Images, norm.Norm, added?.Value, y);

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            bool isOwn = x.Consumers == 1 && (added is null || norm.Output.Consumers == 1);
            norm.RectifyCotangent(added is null ? null : Output.Unforced, cotangent, sink, isOwn);
            sink.Pass(0);
        }
    }
}
