using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>How large every parameter is, how far an update moves it, and how far it has come from its start.</summary>
internal sealed class WeightProbe
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<Parameter, int> _rows;
    private readonly Tensor[] _initial;
    private readonly Tensor?[] _before;
    private readonly double[] _initialNorms;
    private readonly Shares<Parameter> _looks, _measures;

    public WeightProbe(IReadOnlyList<Parameter> parameters)
    {
        _parameters = parameters;
        _rows = parameters.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        _initial = parameters.Select(p => p.Value.Clone()).ToArray();
        _initialNorms = _initial.Select(w => Math.Sqrt(Kernels.SumOfSquares(w))).ToArray();
        _before = new Tensor?[parameters.Count];
        _looks = new Shares<Parameter>(parameters, p => p.Value.Size, Look);
        _measures = new Shares<Parameter>(parameters, p => p.Value.Size, Measure);
    }

    /// <summary>‖w‖ before the update.</summary>
    public double?[] Norm { get; private set; } = [];

    /// <summary>‖Δw‖/‖w‖ of the update.</summary>
    public double?[] Update { get; private set; } = [];

    /// <summary>‖w−w₀‖/‖w₀‖ before the update.</summary>
    public double?[] Distance { get; private set; } = [];

    /// <summary>Keeps the weights before the update.</summary>
    public void BeforeUpdate()
    {
        int n = _parameters.Count;
        (Norm, Update, Distance) = (new double?[n], new double?[n], new double?[n]);
        _looks.Run();
    }

    /// <summary>The update has been made.</summary>
    public void AfterUpdate() => _measures.Run();

    private void Look(Parameter parameter)
    {
        int row = _rows[parameter];
        _before[row] ??= Tensor.Zeros(parameter.Value.Shape, parameter.Value.ElementType);
        WeightSums sums = Kernels.MeasureWeight(parameter.Value, _initial[row], _before[row]);
        Norm[row] = Math.Sqrt(sums.Squares);
        Distance[row] = Ratio(Math.Sqrt(sums.Distance), _initialNorms[row]);
    }

    private void Measure(Parameter parameter)
    {
        int row = _rows[parameter];
        double moved = Math.Sqrt(Kernels.SumOfSquaredDifferences(parameter.Value, _before[row]!));
        Update[row] = Ratio(moved, Norm[row]!.Value);
    }

    /// <summary>A share of nothing is undefined, also where something was added to it.</summary>
    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;
}
