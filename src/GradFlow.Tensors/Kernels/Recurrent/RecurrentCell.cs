namespace GradFlow.Tensors;

/// <summary>What a recurrent kernel computes at each time step.</summary>
public enum RecurrentCell
{
    /// <summary>h_t = a_t.</summary>
    Linear,

    /// <summary>h_t = tanh a_t.</summary>
    Tanh,

    /// <summary>h_t = max(a_t, 0).</summary>
    Relu,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>The gated recurrent unit.</summary>
    Gru,

    /// <summary>h_t = (1 − α)∘h_{t−1} + α∘a_t.</summary>
    LeakyLinear,

    /// <summary>h_t = (1 − α)∘h_{t−1} + α∘tanh a_t.</summary>
    LeakyTanh,

    /// <summary>h_t = (1 − α)∘h_{t−1} + α∘max(a_t, 0).</summary>
    LeakyRelu,

    /// <summary>h_t = sign(a_t)∘max(|a_t| + β, 0).</summary>
    ModRelu,

    /// <summary>Long short-term memory whose gates see the cell.</summary>
    PeepholeLstm,

    /// <summary>
    /// h_t = λ∘h_{t−1} + a_t in complex numbers, with no state in a_t; real parts are the first half of the units.
    /// </summary>
    ComplexDiagonal,

    /// <summary>h_t = γ∘â_t + β, â_t being a_t of mean 0 and variance 1 over the units.</summary>
    NormalizedLinear,

    /// <summary>h_t = tanh(γ∘â_t + β).</summary>
    NormalizedTanh,

    /// <summary>h_t = max(γ∘â_t + β, 0).</summary>
    NormalizedRelu,
}
