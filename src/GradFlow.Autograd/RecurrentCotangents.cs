using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// Makes the cotangents of a recurrent op's inputs from those of its pre-activations, over a stretch of time steps or
/// over all.
/// </summary>
/// <param name="tape">The tape.</param>
/// <param name="sums">Where they go.</param>
/// <param name="a">
/// The pre-activations' [n, T, columns]. The last columns are those that the input goes into; where there are more, the
/// first ones are the last gate's as the state goes into it. Behind them all lie those of numbers per unit. Samples
/// behind the last one here get zeros.
/// </param>
/// <param name="perUnit">Columns of numbers per unit.</param>
/// <param name="exponent">The power of two that they are short of.</param>
internal readonly struct RecurrentCotangents(Tape tape, StretchSums sums, Tensor a, int perUnit, int exponent)
{
    private readonly Tensor _rows =
        a.Reshape(new Shape(a.Shape[0] * a.Shape[1], a.Shape[2])).Slice(1, 0, a.Shape[2] - perUnit);

    /// <summary>Hands all over; the pre-activations' cotangents are used up.</summary>
    /// <param name="steps">The time steps.</param>
    /// <param name="weights">The op's weights.</param>
    /// <param name="edges">What lies before the first time step and behind the last; null for nothing.</param>
    public void Give(StretchOfSteps steps, RecurrentInputs weights, RecurrentEdges? edges)
    {
        Tensor x = steps.X;
        Tensor weight = weights.Weight.Value;
        int firstOfInput = _rows.Shape[1] - weight.Shape[0];
        Tensor fromInput = _rows.Slice(1, firstOfInput, weight.Shape[0]);
        if (sums.Wants(0)) sums.Give(0, OfInput(fromInput, weight, x.Shape), exponent);
        if (sums.Wants(1))
            sums.Give(1, Product(fromInput.Transpose(), Flat(x.Slice(0, 0, a.Shape[0]))), exponent);
        GiveBiases(weights, firstOfInput);
        int behind = 1 + weights.All.Length, numbers = behind - (weights.Skip is null ? 1 : 2);
        if (perUnit > 0 && sums.Wants(numbers)) GivePerUnit(numbers);
        if (steps.First == 0 && edges?.InitialCotangent is { } initial)
            GiveInitial(behind, initial, edges.InitialExponents);
        GiveStateWeights(steps.H, steps.Begun, weights.RecurrentWeight.Shape[0], (weights.Skip?.Steps, behind - 1));
    }

    private void GivePerUnit(int input)
    {
        Tensor sum = tape.Rent(new Shape(perUnit), a.ElementType);
        Kernels.SumTo(a.Reshape(new Shape(_rows.Shape[0], a.Shape[2])).Slice(1, _rows.Shape[1], perUnit), sum);
        sums.Give(input, sum, exponent);
    }

    private void GiveInitial(int input, RecurrentState state, (int H, int Cell) exponents)
    {
        if (sums.Wants(input)) sums.Give(input, state.H, exponents.H);
        if (state.Cell is { } cell && sums.Wants(input + 1)) sums.Give(input + 1, cell, exponents.Cell);
    }

    private Tensor OfInput(Tensor fromInput, Tensor weight, Shape shape)
    {
        if (shape[0] == a.Shape[0]) return Product(fromInput, weight).Reshape(shape);
        Tensor all = tape.Rent(shape, a.ElementType), rows = Flat(all);
        int reached = fromInput.Shape[0];
        Kernels.MatMul(fromInput, weight, rows.Slice(0, 0, reached));
        Kernels.FillInPlace(rows.Slice(0, reached, rows.Shape[0] - reached), 0);
        return all;
    }

    private static Tensor Flat(Tensor sequences) =>
        sequences.Reshape(new Shape(sequences.Shape[0] * sequences.Shape[1], sequences.Shape[2]));

    private Tensor Product(Tensor left, Tensor right)
    {
        Tensor product = tape.Rent(new Shape(left.Shape[0], right.Shape[1]), left.ElementType);
        Kernels.MatMul(left, right, product);
        return product;
    }

    private void GiveBiases(RecurrentInputs weights, int fromInput)
    {
        int ofInput = 3, ofState = weights.Bias is null ? 3 : 4;
        bool isWanted = weights.Bias is not null && sums.Wants(ofInput);
        bool isStateWanted = weights.RecurrentBias is not null && sums.Wants(ofState);
        if (!isWanted && !isStateWanted) return;
        Tensor all = tape.Rent(new Shape(_rows.Shape[1]), a.ElementType);
        Kernels.SumTo(_rows, all);
        Tensor row = all.Reshape(new Shape(1, all.Size));
        if (isWanted) GiveBias(ofInput, row.Slice(1, fromInput, all.Size - fromInput), all.Size - fromInput);
        if (isStateWanted) GiveBias(ofState, row, weights.RecurrentBias!.Shape[0]);
        tape.Pool.Return(all);
    }

    private void GiveBias(int input, Tensor row, int size)
    {
        Tensor sum = tape.Rent(new Shape(size), a.ElementType), into = sum.Reshape(new Shape(1, size));
        ForEachPart(row, size, (part, start, count) => Kernels.Copy(part, into.Slice(1, start, count)));
        sums.Give(input, sum, exponent);
    }

    /// <summary>
    /// U, and V of connections that skip. The ends come first, as the pre-activations' cotangents there are used up.
    /// </summary>
    private void GiveStateWeights(Tensor h, RecurrentState? initial, int rows, (int? Steps, int Input) skip)
    {
        bool wantsSkip = skip.Steps is not null && sums.Wants(skip.Input);
        Tensor? first = initial is { } begun && sums.Wants(2)
            ? FromBefore(begun.H.Reshape(new Shape(h.Shape[0], 1, h.Shape[2])), rows)
            : null;
        Tensor? firstSkipped = initial is { } known && wantsSkip
            ? FromBefore(History(known, skip.Steps!.Value), rows)
            : null;
        if (sums.Wants(2)) GiveStateWeight(2, h, rows, 1, first);
        if (wantsSkip) GiveStateWeight(skip.Input, h, rows, skip.Steps!.Value, firstSkipped);
    }

    /// <summary>The states before the first time step, as many as connections skip, [n, s, units].</summary>
    private Tensor History(RecurrentState state, int skip)
    {
        Tensor history = tape.Rent(new Shape(a.Shape[0], skip, state.H.Shape[1]), a.ElementType);
        if (state.Past is { } past) Kernels.Copy(past, history.Slice(1, 0, skip - 1));
        else Kernels.FillInPlace(history, 0);
        Tensor last = history.Slice(1, skip - 1, 1);
        Kernels.Copy(state.H.Reshape(last.Shape), last);
        return history;
    }

    /// <summary>The first steps' cotangents meet what lies before the first step.</summary>
    private Tensor FromBefore(Tensor history, int rows)
    {
        int steps = Math.Min(history.Shape[1], a.Shape[1]), units = history.Shape[2];
        Tensor columns = Flat(a.Slice(1, 0, steps).Slice(2, 0, _rows.Shape[1]).Clone());
        Tensor states = Flat(history.Slice(1, 0, steps).Clone());
        Tensor product = tape.Rent(new Shape(rows, units), a.ElementType);
        ForEachPart(columns, rows, (part, start, count) =>
            Kernels.MatMul(part.Transpose(), states, product.Slice(0, start, count)));
        return product;
    }

    /// <summary>
    /// Each step's cotangents meet the state of one or several steps before, which lies as many rows above.
    /// </summary>
    private void GiveStateWeight(int input, Tensor h, int rows, int steps, Tensor? first)
    {
        for (int t = 0; t < Math.Min(steps, a.Shape[1]); t++) Kernels.FillStepInPlace(a, t, 0);
        int pairs = _rows.Shape[0] - steps;
        Tensor product = tape.Rent(new Shape(rows, h.Shape[2]), a.ElementType);
        if (pairs > 0)
        {
            Tensor before = Flat(h).Slice(0, 0, pairs), later = _rows.Slice(0, steps, pairs);
            ForEachPart(later, rows, (columns, start, count) =>
                Kernels.MatMul(columns.Transpose(), before, product.Slice(0, start, count)));
        }
        else Kernels.FillInPlace(product, 0);
        if (first is not null)
        {
            Kernels.AddInPlace(product, first);
            tape.Pool.Return(first);
        }
        sums.Give(input, product, exponent);
    }

    /// <summary>
    /// The columns of the state's gates in the order of the weights' rows, with the rows that they belong to.
    /// </summary>
    private static void ForEachPart(Tensor columns, int rows, Action<Tensor, int, int> action)
    {
        int shared = columns.Shape[1] - rows, split = rows - shared;
        action(columns.Slice(1, shared, split), 0, split);
        if (shared > 0) action(columns.Slice(1, 0, shared), split, shared);
    }
}
