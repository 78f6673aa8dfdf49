using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The state that a recurrent op ends with, for whoever goes on from it: h of the last time step, and c of an LSTM.
    /// Their cotangents enter the op's way back at that time step.
    /// </summary>
    /// <param name="output">What the op gave; all samples have at least one time step.</param>
    /// <param name="lengths">Time steps of each sample; empty where all have those of the sequence.</param>
    /// <exception cref="ArgumentException">The variable is no recurrent op's, or the lengths don't fit it.</exception>
    /// <exception cref="InvalidOperationException">
    /// An LSTM on a tape that records nothing, which was not told to keep its last state.
    /// </exception>
    public static CarriedState LastState(Variable output, ReadOnlyMemory<int> lengths = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        Recurrence recurrence = output.Recurrence
            ?? throw new ArgumentException($"'{output.Operation}' is no recurrent op and ends with no state");
        if (recurrence.Skip is { } skip)
            throw new ArgumentException(
                $"'{output.Operation}' ends with {skip} states, as connections skip time steps; expected one, "
                    + "since that is what a gradient goes on by from one sequence to the next");
        recurrence.RequireLengths(lengths, least: 1);
        ReadOnlyMemory<int> steps = recurrence.LastSteps(lengths);
        Variable h = lengths.IsEmpty ? Select(output, 1, recurrence.Steps - 1) : SelectEach(output, steps);
        return new CarriedState(h, recurrence.HasCell ? LastCell(output, recurrence, steps) : null);
    }

    private static Variable LastCell(Variable output, Recurrence recurrence, ReadOnlyMemory<int> steps)
    {
        Tape tape = output.Tape;
        Tensor c = tape.Rent(new Shape(output.Shape[0], output.Shape[2]), output.Value.ElementType);
        recurrence.TakeCells(steps, c);
        return tape.Record("last-cell", c, [output], (g, sink) =>
        {
            if (!sink.Wants(0)) return;
            Tensor cotangent = tape.RentLike(c);
            Kernels.Copy(g, cotangent);
            recurrence.LastCells.Add(new LastCellCotangent(cotangent, sink.Exponent, steps));
            // Zeros see to it that the walk comes by the op itself, which then takes what was left.
            Tensor zeros = tape.Rent(new Shape(c.Shape[0], 1, c.Shape[1]), c.ElementType);
            Kernels.FillInPlace(zeros, 0);
            sink.LendSlice(0, 1, 0, zeros);
            tape.Pool.Return(zeros);
        });
    }
}
