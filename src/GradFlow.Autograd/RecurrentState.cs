namespace GradFlow.Autograd;

/// <summary>
/// What a recurrent layer hands on from one time step to the next, marked on the tape (<see cref="Tape.Mark"/>) so that
/// the gradient's way back in time can be followed.
/// </summary>
/// <param name="Layer">The stable name of the layer.</param>
/// <param name="Step">The time step t, from 0.</param>
/// <param name="Values">
/// The state s_t as variables, each [n, units], such that the rest of the sequence depends on the past through them
/// alone: h_t, and of an LSTM c_t as a variable that only the next time step uses.
/// </param>
/// <param name="Preactivation">a_t of h_t = φ(a_t); null where gates lie between one state and the next.</param>
/// <param name="Carried">
/// The state as the gate of the next time step carries it on, used by nothing else; null without such a gate.
/// </param>
public sealed record RecurrentState(
    string Layer,
    int Step,
    IReadOnlyList<Variable> Values,
    Variable? Preactivation = null,
    Variable? Carried = null);
