namespace GradFlow.Theory;

/// <summary>
/// The forecast for a finite net at initialisation: second moments are carried forward stage by stage, then squared
/// gradient norms backward, each stage by its wide-limit rule (Poole et al. 2016; Schoenholz et al. 2017;
/// Yang et al. 2019). Nets of width n have typical log gains a few 1/n below these (Hanin 2018).
/// </summary>
public static class SignalPropagation
{
    /// <summary>Forecasts signals and gradients of a net.</summary>
    /// <param name="input">The averages of the data as the first stage gets them.</param>
    /// <param name="stages">The net, from input to output.</param>
    /// <param name="gradientCorrelation">
    /// Correlation of different samples' gradients at the net's output; 0 for balanced classes at a loss's start.
    /// </param>
    public static SignalForecast Forecast(
        SignalState input, IReadOnlyList<Stage> stages, double gradientCorrelation = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(stages);
        if (!(input.SecondMoment >= 0) || Math.Abs(input.Covariance) > input.SecondMoment * (1 + 1e-9))
        {
            throw new ArgumentException(
                $"No signal has second moment {input.SecondMoment} and covariance {input.Covariance}.", nameof(input));
        }

        // Only batch normalisation asks how samples relate; following that is most of the work.
        var related = HasBatchNorm(stages);
        return new SignalForecast(Describe(
            stages,
            related ? input : input with { Covariance = double.NaN },
            GradientState.Free(related ? gradientCorrelation : double.NaN)));
    }

    /// <summary>The signal that each stage gets.</summary>
    internal static SignalState[] Inputs(IReadOnlyList<Stage> stages, SignalState input)
    {
        var inputs = new SignalState[stages.Count];
        for (var k = 0; k < stages.Count; k++)
        {
            inputs[k] = input;
            input = stages[k].Forward(input);
        }

        return inputs;
    }

    /// <summary>Each stage's squared gain, and the gradient that arrives below the first.</summary>
    internal static (double[] SquaredGains, GradientState Gradient) Backward(
        IReadOnlyList<Stage> stages, SignalState[] inputs, GradientState gradient)
    {
        var squaredGains = new double[stages.Count];
        for (var k = stages.Count - 1; k >= 0; k--)
        {
            (squaredGains[k], gradient) = stages[k].Backward(inputs[k], gradient);
        }

        return (squaredGains, gradient);
    }

    private static StageForecast[] Describe(IReadOnlyList<Stage> stages, SignalState input, GradientState gradient)
    {
        var inputs = Inputs(stages, input);
        var forecasts = new StageForecast[stages.Count];
        for (var k = stages.Count - 1; k >= 0; k--)
        {
            var (squaredGain, below) = stages[k].Backward(inputs[k], gradient);
            var output = k + 1 < stages.Count ? inputs[k + 1] : stages[k].Forward(inputs[k]);
            forecasts[k] = Describe(stages[k], inputs[k], output, gradient, squaredGain);
            gradient = below;
        }

        return forecasts;
    }

    private static StageForecast Describe(
        Stage stage, SignalState input, SignalState output, GradientState gradient, double squaredGain)
    {
        var gain = Covered(0.5 * Math.Log10(squaredGain));
        var rms = Covered(Math.Sqrt(output.SecondMoment));
        if (stage is not BlockStage block)
        {
            return new StageForecast(stage, gain, rms, [], null, input);
        }

        var branch = Describe(block.Branch, input, gradient);
        var branchGain = new SignalForecast(branch).TotalGain + 0.5 * Math.Log10(block.SquaredBranchShare(input));
        var skipGain = branchGain is { } g && double.IsNegativeInfinity(g) ? gain : gain - branchGain;
        return new StageForecast(stage, gain, rms, branch, skipGain, input);
    }

    private static bool HasBatchNorm(IEnumerable<Stage> stages) => stages.Any(
        stage => stage is BatchNormStage || (stage is BlockStage block && HasBatchNorm(block.Branch)));

    private static double? Covered(double value) => double.IsNaN(value) ? null : value;
}
