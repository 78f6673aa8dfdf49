using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Draws a recurrent layer's parameters, each keyed by its name.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="units">Its units.</param>
/// <param name="seed">The experiment's seed.</param>
/// <param name="initNames">Takes how each is drawn, as the experiment file writes it.</param>
internal sealed class RecurrentDraws(string name, int units, long seed, Dictionary<string, string> initNames)
{
    /// <summary>
    /// Weights of gates one below the other, each a matrix of its own: orthogonal or the identity each.
    /// </summary>
    public Parameter Weight(string role, InitSpec init, int gates, int fanIn, string? written = null)
    {
        Parameter weight = Named(role, written ?? init.ToYaml(), gates * units, fanIn);
        RandomKey key = KeyOf(weight.Name);
        for (int gate = 0; gate < gates; gate++)
            Initialization.Of(init).FillInPlace(
                weight.Value.Slice(0, gate * units, units), gates == 1 ? key : key.At(gate));
        return weight;
    }

    public Parameter? Bias(string role, BiasInitSpec? init, int gates)
    {
        if (init is null) return null;
        Parameter bias = Named(role, init.ToYaml(), gates * units);
        Initialization.FillBias(init, bias.Value, units, KeyOf(bias.Name));
        return bias;
    }

    /// <summary>A matrix of normal draws.</summary>
    public Parameter Normal(string role, double std, int rows, int columns)
    {
        var init = new NormalInitSpec { Std = std };
        Parameter weight = Named(role, init.ToYaml(), rows, columns);
        Initialization.Of(init).FillInPlace(weight.Value, KeyOf(weight.Name));
        return weight;
    }

    /// <summary>A parameter of zeros, to be filled by whoever asks.</summary>
    public Parameter Named(string role, string written, params int[] extents)
    {
        var parameter = new Parameter($"{name}.{role}", Tensor.Zeros(new Shape(extents)));
        initNames[parameter.Name] = written;
        return parameter;
    }

    /// <summary>
    /// ln u for each unit, u uniform from 1 to the longest time scale less one (Tallec &amp; Ollivier 2018).
    /// </summary>
    public double[] ChronoBiases(double longest)
    {
        Tensor u = Tensor.Zeros(new Shape(units), ElementType.Float64);
        Kernels.FillUniformInPlace(u, KeyOf($"{name}.chrono"), 1, longest - 1);
        return Array.ConvertAll(u.ToDoubles(), Math.Log);
    }

    public RandomKey KeyOf(string drawn) => new(seed, "init", drawn);
}
