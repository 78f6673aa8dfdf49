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
}
