using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

public sealed class ObserverTests
{
    [Fact]
    public void Events_come_in_the_order_of_the_walk()
    {
        var observer = new RecordingObserver();
        using var tape = new Tape(observer: observer);
        Variable x = tape.Input(Tensor.From([2.0])), y = Ops.Exp(x), z = y * x;
        tape.Gradients(z, [x]);
        observer.Events.ShouldBe(
        [
            ("recorded", y), ("recorded", z),
            ("completed", z), ("contributed", y), ("contributed", x),
            ("completed", y), ("contributed", x), ("completed", x),
        ]);
        observer.Contributions.Select(c => (c.Consumer, c.Input)).ShouldBe([(z, 0), (z, 1), (y, 0)]);
    }

    [Fact]
    public void Contributions_sum_to_what_is_completed()
    {
        var observer = new RecordingObserver();
        using var tape = new Tape(observer: observer);
        Nets.Residual(tape);
        foreach (Variable variable in observer.Contributions.Select(c => c.Consumer.Inputs[c.Input]).Distinct())
        {
            Cotangent completed = observer.Completed[variable];
            double[] sum = new double[variable.Value.Size];
            double largest = 0;
            foreach ((_, _, Cotangent share) in observer.Contributions
                .Where(c => c.Consumer.Inputs[c.Input] == variable))
            {
                double[] numbers = share.Mantissa.ToDoubles();
                largest = Math.Max(largest, numbers.Max(Math.Abs));
                for (int i = 0; i < sum.Length; i++) sum[i] += Math.ScaleB(
                    numbers[i], share.Exponent - completed.Exponent);
            }
            double[] whole = completed.Mantissa.ToDoubles();
            // A handful of float32 additions.
            for (int i = 0; i < sum.Length; i++) whole[i].ShouldBe(sum[i], 4 * Math.Pow(2, -24) * largest);
        }
    }

    [Fact]
    public void Watching_changes_no_bit()
    {
        foreach (Func<Tape, IReadOnlyList<Parameter>> net in Nets.All)
        {
            double[][] Gradients(ITapeObserver? observer)
            {
                using var tape = new Tape(observer: observer);
                return [.. net(tape).Select(parameter => parameter.Gradient.ToDoubles())];
            }
            double[][] watched = Gradients(new RecordingObserver()), unwatched = Gradients(null);
            watched.Length.ShouldBe(unwatched.Length);
            for (int i = 0; i < watched.Length; i++) watched[i].ShouldBe(unwatched[i]);
        }
    }

    [Fact]
    public void Log_norms_of_cotangents_include_the_exponent()
    {
        var cotangent = new Cotangent(Tensor.From([3f, -4f]), 5000);
        cotangent.Log10Norm.ShouldBe(Math.Log10(5) + 5000 * Math.Log10(2), 1e-12);
        cotangent.Log10MaxAbs.ShouldBe(Math.Log10(4) + 5000 * Math.Log10(2), 1e-12);
        new Cotangent(Tensor.Zeros(new Shape(3)), -70).Log10Norm.ShouldBe(double.NegativeInfinity);
        new Cotangent(Tensor.Zeros(new Shape(3)), -70).Log10MaxAbs.ShouldBe(double.NegativeInfinity);
        new Cotangent(Tensor.Full(new Shape(3), double.NaN), 3).Log10Norm.ShouldBe(double.NaN);
        new Cotangent(Tensor.Full(new Shape(3), double.PositiveInfinity), 3).Log10MaxAbs
            .ShouldBe(double.PositiveInfinity);
    }
}
