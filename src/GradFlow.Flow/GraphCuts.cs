using GradFlow.Autograd;

namespace GradFlow.Flow;

/// <summary>Finds the tensors of a recorded graph that every path from a source to a result crosses.</summary>
internal static class GraphCuts
{
    /// <summary>
    /// The cuts from source to result, both included, in the order of the data. Empty if no path leads there.
    /// </summary>
    /// <remarks>
    /// The tape is in topological order, so a variable is crossed by all paths exactly if no edge of the paths jumps
    /// over it: one sweep with the furthest edge end so far decides.
    /// </remarks>
    /// <param name="variables">The tape.</param>
    /// <param name="source">Where the paths start.</param>
    /// <param name="result">Where they end.</param>
    /// <param name="member">Which variables the paths may pass (source and result always).</param>
    public static List<Variable> Find(
        IReadOnlyList<Variable> variables, Variable source, Variable result, Func<Variable, bool>? member = null)
    {
        bool[] isOnPath = OnPath(variables, source, result, member ?? (_ => true));
        var cuts = new List<Variable>();
        if (!isOnPath[0]) return cuts;
        int[] furthest = FurthestConsumers(variables, source, result, isOnPath);
        int reach = source.Index;
        for (int i = source.Index; i <= result.Index; i++)
        {
            if (!isOnPath[i - source.Index]) continue;
            if (reach <= i) cuts.Add(variables[i]);
            reach = Math.Max(reach, furthest[i - source.Index]);
        }
        return cuts;
    }

    /// <summary>Marks, counted from the source, what both is made from the source and goes into the result.</summary>
    private static bool[] OnPath(
        IReadOnlyList<Variable> variables, Variable source, Variable result, Func<Variable, bool> member)
    {
        int count = result.Index - source.Index + 1;
        bool[] fromSource = new bool[Math.Max(1, count)], toResult = new bool[Math.Max(1, count)];
        if (count <= 0) return fromSource;
        fromSource[0] = true;
        for (int i = 1; i < count; i++)
        {
            Variable variable = variables[source.Index + i];
            if (variable != result && !member(variable)) continue;
            foreach (Variable input in variable.Inputs)
                fromSource[i] |= input.Index >= source.Index && fromSource[input.Index - source.Index];
        }
        toResult[count - 1] = true;
        for (int i = count - 1; i >= 0; i--)
        {
            if (!toResult[i] || !fromSource[i]) continue;
            foreach (Variable input in variables[source.Index + i].Inputs)
                if (input.Index >= source.Index) toResult[input.Index - source.Index] = true;
        }
        for (int i = 0; i < count; i++) fromSource[i] &= toResult[i];
        return fromSource;
    }

    private static int[] FurthestConsumers(
        IReadOnlyList<Variable> variables, Variable source, Variable result, bool[] isOnPath)
    {
        int[] furthest = new int[isOnPath.Length];
        for (int i = source.Index + 1; i <= result.Index; i++)
        {
            if (!isOnPath[i - source.Index]) continue;
            foreach (Variable input in variables[i].Inputs)
                if (input.Index >= source.Index && isOnPath[input.Index - source.Index])
                    furthest[input.Index - source.Index] = i;
        }
        return furthest;
    }
}
