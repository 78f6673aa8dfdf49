using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>
/// The same chain of layers by plain loops in float64: each layer's gain is taken alone and summed in logs.
/// </summary>
internal static class IndependentLogNorms
{
    /// <summary>log10 ‖∂L/∂(input of layer l)‖ for each l, where the last output's cotangent is the seed.</summary>
    public static double[] Of(Tensor[] weights, Tensor data, Tensor seed, bool isSigmoid)
    {
        int batch = data.Shape[0], width = data.Shape[1];
        double[][] matrices = [.. weights.Select(weight => weight.ToDoubles())];
        var slopes = new List<double[]>();
        double[] x = data.ToDoubles();
        foreach (double[] w in matrices)
        {
            x = Product(x, w, batch, width, isTransposed: true);
            if (isSigmoid) x = [.. x.Select(v => 1 / (1 + Math.Exp(-v)))];
            slopes.Add([.. x.Select(y => isSigmoid ? y * (1 - y) : 1)]);
        }
        double[] g = seed.ToDoubles(), norms = new double[weights.Length];
        double log = 0;
        for (int l = weights.Length - 1; l >= 0; l--)
        {
            g = Product([.. g.Zip(slopes[l], (a, b) => a * b)], matrices[l], batch, width, isTransposed: false);
            double norm = Math.Sqrt(g.Sum(v => v * v));
            g = [.. g.Select(v => v / norm)];
            norms[l] = log += Math.Log10(norm);
        }
        return norms;
    }

    private static double[] Product(double[] x, double[] w, int batch, int width, bool isTransposed)
    {
        double[] y = new double[batch * width];
        for (int i = 0; i < batch; i++)
        {
            for (int j = 0; j < width; j++)
            {
                for (int k = 0; k < width; k++)
                    y[i * width + j] += x[i * width + k] * (isTransposed ? w[j * width + k] : w[k * width + j]);
            }
        }
        return y;
    }
}
