namespace GradFlow.Tensors.Tests;

/// <summary>Activations in float64, written to keep their digits rather than to be fast.</summary>
internal static class Naive
{
    public static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary>eˣ − 1 as 2·sinh(x/2)·e^(x/2), where nothing cancels.</summary>
    public static double ExpMinusOne(double x) => 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);

    public static double SiluSlope(double x) => Logistic(x) * (1 + x * Logistic(-x));

    public static double TwiceGeluArgument(double x) => 2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);

    public static double GeluTanhSlope(double x)
    {
        double u = TwiceGeluArgument(x), slope = 2 * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return Logistic(u) * (1 + x * slope * Logistic(-u));
    }

    /// <summary>ln(1 + eˣ); what the rounding of 1 + z loses of a small z is given back (Kahan).</summary>
    public static double Softplus(double x)
    {
        double z = Math.Exp(-Math.Abs(x)), sum = 1 + z;
        return Math.Max(x, 0) + (sum == 1 ? z : Math.Log(sum) * z / (sum - 1));
    }
}
