using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// A recurrent layer over all time steps as one op. Its derivative runs back through time to the cotangents of the
    /// pre-activations, a_t, and sums over time afterwards: ∂x = ∂a·W, ∂W = ∂aᵀ·x, ∂U = Σ_t ∂a_tᵀ·h_{t−1} and ∂b = Σ
    /// ∂a, a product each.
    /// </summary>
    private static Variable Recur(
        string name, RecurrentCell cell, Variable x, RecurrentInputs weights, int? window, CarriedState? initial,
        bool keepsLast = false, TimeSegments? segments = null)
    {
        RequireRecurrentShapes(cell, x, weights, window);
        RequireInitial(cell, x, weights, initial);
        RequireSkip(x, weights, initial);
        RequirePlain(cell, weights);
        Tape tape = x.Tape;
        RecurrentState? begun = initial?.Values;
        var steps = new RecurrentSteps(tape, cell, weights.Values, Dense(x.Value), begun, segments);
        Variable[] inputs = [x, .. weights.All, .. initial?.All ?? []];
        Recurrence recurrence = null!;
        Variable output = tape.Record(name, steps.H, inputs, (g, sink) =>
            WalkBack(cell, weights, window, steps, g, sink, EdgesOf(recurrence, initial, begun, sink)),
            steps.IsLastAlone ? steps.MakeStates : null);
        bool isKept = output.RequiresGradient || (keepsLast && Kernels.RecurrentCellAt(cell) is not null);
        StateMap? map = output.RequiresGradient ? MapOf(cell, output, steps, weights) : null;
        output.Recurrence = recurrence = new Recurrence(
            cell, output, steps, isKept, initial, map, weights.Skip?.Steps);
        if (!isKept) steps.LetGo();
        return output;
    }

    /// <summary>From ∂L/∂h of all time steps to the cotangents of the inputs, stretch by stretch.</summary>
    private static void WalkBack(
        RecurrentCell cell, RecurrentInputs weights, int? window, RecurrentSteps steps, Tensor g, CotangentSink sink,
        RecurrentEdges? edges)
    {
        Tape tape = weights.Weight.Tape;
        int units = g.Shape[2];
        // Who measures follows a few sequences; those behind them, which nothing reaches, need no walk.
        int reached = sink.Norms is null || edges is not null ? g.Shape[0] : Math.Max(1, Kernels.SamplesReached(g));
        NormPenalty? penalty =
            sink.FillsParameters && sink.Wants(2) ? weights.RecurrentWeight.NormPenalty : null;
        bool isForNorms = sink.Norms is not null && !sink.WantsAny;
        var walk = new RecurrentWalk(steps.Steps);
        int length = penalty is null ? steps.Length : steps.Steps;
        var sums = new StretchSums(tape, sink, steps.X.Shape, length);
        foreach (StretchOfSteps stretch in steps.Back(reached, length))
        {
            Tensor given = steps.Given(g, stretch.First, stretch.H.Shape);
            Tensor? a = isForNorms
                ? null
                : tape.Rent(
                    new Shape(reached, stretch.H.Shape[1], Kernels.RecurrentColumns(cell) * units), g.ElementType);
            int exponent = Kernels.RecurrentBackward(
                cell, steps.Weights, window, stretch.Kept, stretch.H, given, a, tape.Pool, sink.Norms,
                tape.IsRenormalized, edges, new RecurrentStretch(walk, stretch.First, stretch.Begun));
            steps.GiveBack(given, g);
            if (a is null) continue;
            if (penalty?.Gradient(tape, cell, steps.Weights.RecurrentWeight, a, stretch.H, window) is { } added)
                sink.Give(2, added, -sink.Exponent);
            sums.First = stretch.First;
            new RecurrentCotangents(tape, sums, a, Kernels.RecurrentPerUnit(cell) * units, exponent)
                .Give(stretch, weights, edges);
            tape.Pool.Return(a);
        }
        sums.End();
    }

    /// <summary>What a walk back meets at both ends of the sequence; null where that is nothing.</summary>
    private static RecurrentEdges? EdgesOf(
        Recurrence recurrence, CarriedState? initial, RecurrentState? begun, CotangentSink sink)
    {
        if (initial is null && recurrence.LastCells.Count == 0) return null;
        LastCellCotangent[] last = [.. recurrence.LastCells.Select(
            cell => cell with { Exponent = cell.Exponent - sink.Exponent })];
        recurrence.LastCells.Clear();
        Tensor Like(Variable part) => part.Tape.RentLike(part.Value);
        bool isWanted = initial is not null && initial.All.Any(part => part.RequiresGradient);
        return new RecurrentEdges(begun)
        {
            InitialCotangent = isWanted
                ? new RecurrentState(Like(initial!.H), initial.Cell is { } cell ? Like(cell) : null)
                : null,
            LastCells = last,
        };
    }

    private static void RequireInitial(RecurrentCell cell, Variable x, RecurrentInputs weights, CarriedState? initial)
    {
        if (initial is null) return;
        bool needsCell = Kernels.RecurrentCellAt(cell) is not null;
        if (initial.Cell is null == needsCell)
            throw new ArgumentException(needsCell
                ? "the initial state has no c; expected h and c of an LSTM"
                : "the initial state has a c; expected h alone, as only an LSTM has both");
        var shape = new Shape(x.Shape[0], weights.RecurrentWeight.Shape[1]);
        foreach (Variable part in initial.All)
        {
            SameTape(x, part);
            if (part.Shape != shape)
                throw new ArgumentException($"an initial state of {part.Shape}; expected {shape}, one for each sample");
        }
    }

    private static void RequireSkip(Variable x, RecurrentInputs weights, CarriedState? initial)
    {
        if (weights.Skip is not { } skip)
        {
            if (initial?.Past is not null)
                throw new ArgumentException("the initial state has a past; expected h alone where nothing skips steps");
            return;
        }
        SameTape(x, skip.Weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(skip.Steps, 2, nameof(weights));
        Shape u = weights.RecurrentWeight.Shape;
        if (skip.Weight.Shape != u)
            throw new ArgumentException(
                $"weights {skip.Weight.Shape} of connections that skip time steps; expected {u}");
        var past = new Shape(x.Shape[0], skip.Steps - 1, u[1]);
        if (initial?.Past is { } given && given.Shape != past)
            throw new ArgumentException($"a past of {given.Shape} before the initial state; expected {past}");
    }

    private static void RequirePlain(RecurrentCell cell, RecurrentInputs weights)
    {
        if (weights.RecurrentWeight.NormPenalty is not null
            && (weights.Skip is not null || cell >= RecurrentCell.NormalizedLinear))
            throw new ArgumentException(
                "the regulariser of the gradient's norm knows one way back in time; expected neither connections that "
                    + "skip time steps nor normalisation beside it");
    }

    private static StateMap MapOf(
        RecurrentCell cell, Variable output, RecurrentSteps steps, RecurrentInputs weights)
    {
        Variable weight = weights.RecurrentWeight;
        SkipInputs? skip = weights.Skip;
        return cell switch
        {
            RecurrentCell.Lstm or RecurrentCell.PeepholeLstm =>
                new LstmStateMap(output, steps, weight, weights.PerUnit) { Skip = skip },
            RecurrentCell.Gru => new GruStateMap(output, steps, weight) { Skip = skip },
            RecurrentCell.LeakyLinear or RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu =>
                new LeakyStateMap(cell, output, steps, weight, weights.PerUnit!),
            RecurrentCell.ComplexDiagonal => new ComplexDiagonalStateMap(output, weight, weights.PerUnit!),
            RecurrentCell.NormalizedLinear or RecurrentCell.NormalizedTanh or RecurrentCell.NormalizedRelu =>
                new NormalizedStateMap(cell, output, steps, weight, weights.PerUnit!) { Skip = skip },
            _ => new PlainStateMap(cell, output, weight) { Skip = skip },
        };
    }

    private static void RequireRecurrentShapes(RecurrentCell cell, Variable x, RecurrentInputs weights, int? window)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weights);
        SameTape(x, weights.Weight);
        SameTape(x, weights.RecurrentWeight);
        if (window is { } length) ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(window));
        int gates = Kernels.RecurrentGates(cell);
        Shape w = weights.Weight.Shape, u = weights.RecurrentWeight.Shape;
        int stateGates = Kernels.RecurrentStateGates(cell);
        if (u.Count != 2 || w.Count != 2 || u[0] != stateGates * u[1] || w[0] != gates * u[1])
            throw new ArgumentException(
                $"weights {w} and {u}; expected [{gates}·units, in] and [{stateGates}·units, units]");
        int numbers = Kernels.RecurrentPerUnit(cell) * u[1];
        if ((weights.PerUnit?.Shape.Size ?? 0) != numbers)
            throw new ArgumentException(
                $"{weights.PerUnit?.Shape.Size ?? 0} numbers per unit in all; expected {numbers} beside the weights");
        if (x.Shape.Count != 3 || x.Shape[1] < 1 || x.Shape[2] != w[1])
            throw new ArgumentException($"input {x.Shape} does not fit weight {w}; expected [n, T, {w[1]}]");
    }
}
