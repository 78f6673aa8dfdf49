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
/// <param name="Skip">The way from an earlier state than that of the step before; null for none.</param>
public readonly record struct RecurrentWeights(
    Tensor Weight, Tensor RecurrentWeight, Tensor? Bias = null, Tensor? RecurrentBias = null, Tensor? PerUnit = null,
    RecurrentSkip? Skip = null);

/// <summary>
/// Connections that skip time steps (Lin, Horne, Tiňo &amp; Giles 1996; Zhang et al. 2016): V·h_{t−s} is added to
/// U·h_{t−1}, so that from one end to the other of T steps the gradient needs only T/s.
/// </summary>
/// <param name="Weight">V, as U, [gates·units, units].</param>
/// <param name="Steps">s, at least 2.</param>
public readonly record struct RecurrentSkip(Tensor Weight, int Steps);
