namespace GradFlow.Theory;

/// <summary>
/// A tanh unit that feeds itself, a_t = tanh(w·a_{t−1}): it holds a bit where w &gt; 1, and the gradient that would
/// teach it to fades at the slope of the state that holds it (Bengio, Simard and Frasconi 1994).
/// </summary>
public static class Latch
{
    /// <summary>
    /// The positive state that it rests in, a = tanh(w·a); 0 where w is at most 1 and there is no other.
    /// </summary>
    /// <param name="weight">w, at least 0.</param>
    public static double RestingState(double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);

        // Just above 1 it lies at √(3(w−1)), so beyond the lower end for any w that is a number above 1.
        return weight > 1 ? Bisection.Root(state => Math.Tanh(weight * state) - state, 1e-9, 1) : 0;
    }

    /// <summary>
    /// w·(1 − a²) at that state: what is left of the gradient after a time step, below 1 unless w = 1.
    /// </summary>
    /// <param name="weight">w, at least 0.</param>
    public static double Slope(double weight)
    {
        var state = RestingState(weight);
        return weight * (1 - state * state);
    }
}
