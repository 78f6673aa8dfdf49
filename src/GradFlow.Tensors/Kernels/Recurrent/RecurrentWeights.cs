namespace GradFlow.Tensors;

/// <summary>
/// The weights of a recurrent layer, those of its gates one below the other in PyTorch's order: one row per unit for a
/// plain cell, gates i, f, g, o of an LSTM, gates r, z and the candidate n of a GRU. Dense, of one element type.
/// </summary>
/// <param name="Weight">W of the input, [gates·units, in].</param>
/// <param name="RecurrentWeight">U of the state, [gates·units, units].</param>
/// <param name="Bias">Added to W·x, [gates·units]; null for none.</param>
/// <param name="RecurrentBias">Added to U·h, [gates·units]; null for none.</param>
/// <param name="PerUnit">
/// Numbers per unit that the cell uses beside, one kind after the other; null where it uses none.
/// </param>
public readonly record struct RecurrentWeights(
    Tensor Weight, Tensor RecurrentWeight, Tensor? Bias = null, Tensor? RecurrentBias = null, Tensor? PerUnit = null);
