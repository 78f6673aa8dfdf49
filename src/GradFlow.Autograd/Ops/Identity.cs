namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// x itself as a variable of its own, so that the cotangent of one of its uses can be told from that of the others.
    /// </summary>
    public static Variable Identity(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Tape.Record("identity", x.Value, [x], (g, sink) => sink.Lend(0, g));
    }
}
