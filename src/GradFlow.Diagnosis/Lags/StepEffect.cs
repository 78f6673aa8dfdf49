using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// What one time step does to a recurrent layer's state, averaged over frames; null where not measured.
/// </summary>
internal sealed class StepEffect
{
    public StepEffect(IReadOnlyList<TimeProfile> profiles)
    {
        Lyapunov = LogMean.Of(profiles.Select(profile => profile.Lyapunov));
        Radius = Mean(profiles.Select(profile => profile.Spectrum?.Radius));
        Norm = Mean(profiles.Select(profile => profile.Spectrum?.Norm));
        Stretch = Mean(profiles.SelectMany(profile => profile.Jacobians ?? [])
            .Select(jacobian => (double?)jacobian.SingularValues[0]));
        GateStatistics[] carrying = [.. profiles.SelectMany(profile => profile.Gates ?? [])
            .Where(gate => gate.Gate is "forget" or "update")];
        if (carrying.Length > 0)
            CarryingGate = new GateStatistics(
                carrying[0].Gate, carrying.Average(gate => gate.Mean), carrying.Average(gate => gate.ClosedShare),
                carrying.Average(gate => gate.OpenShare));
    }

    /// <summary>ln of the factor by which small differences of the state grow in a typical time step.</summary>
    public double? Lyapunov { get; }

    /// <summary>The recurrent matrix's largest |eigenvalue|.</summary>
    public double? Radius { get; }

    /// <summary>Its largest singular value.</summary>
    public double? Norm { get; }

    /// <summary>The largest singular value of the step's Jacobian.</summary>
    public double? Stretch { get; }

    /// <summary>The gate that carries the state on: the forget gate of an LSTM, the update gate of a GRU.</summary>
    public GateStatistics? CarryingGate { get; }

    /// <summary>The numbers, by the names of a finding's evidence.</summary>
    public IEnumerable<(string Name, double? Value)> Numbers
    {
        get
        {
            yield return ("spectralRadius", Radius);
            yield return ("spectralNorm", Norm);
            yield return ("jacobianNorm", Stretch);
            yield return ("lyapunov", Lyapunov);
            if (CarryingGate is not { } gate) yield break;
            yield return ($"{gate.Gate}Gate", gate.Mean);
            yield return ($"{gate.Gate}GateClosedShare", gate.ClosedShare);
            yield return ($"{gate.Gate}GateOpenShare", gate.OpenShare);
        }
    }

    private static double? Mean(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>().Where(double.IsFinite)];
        return known.Length > 0 ? known.Average() : null;
    }
}
