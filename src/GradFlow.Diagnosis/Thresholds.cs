namespace GradFlow.Diagnosis;

/// <summary>
/// Every number that a rule compares with. All are free of scale: decades, shares, ratios and counts of steps, so that
/// they hold for any width, batch, loss and framework. <c>docs/rules</c> says which rule uses which.
/// </summary>
public sealed record Thresholds
{
    /// <summary>
    /// Decades between the first and the last layer's gradient from which it vanishes or explodes: 2. Mean-field theory
    /// lets nets train down to six depth scales (Schoenholz et al. 2017), e^-6 of the squared norm or 1.3 decades of
    /// the norm; below 2 decades, the first layer still gets over 1 % and plain nets of a few layers learn. Through
    /// time it is the same 1 %, the memory horizon, at the lag that the task needs.
    /// </summary>
    public double TroubleDecades { get; init; } = 2;

    /// <summary>
    /// Decades from which the finding is a warning although the net learns, and from which it may end a training that
    /// does not: 3, at which the first layer moves a thousand times less than the last one.
    /// </summary>
    public double GraveDecades { get; init; } = 3;

    /// <summary>
    /// Decades below which a step is nothing to float32: 7.2, 2^-24 or half the spacing of its numbers, so that adding
    /// it to a weight gives the weight. A gradient lost by so much needs no further evidence.
    /// </summary>
    public double LostDecades { get; init; } = 7.2;

    /// <summary>
    /// Decades per layer up to which a layer counts as critical, so that only their number is to blame: 0.03, a gain
    /// within 7 % of 1. A finite He-ReLU net of width n drifts by 5/(4n) in natural logs, 0.03 decades at n = 16.
    /// </summary>
    public double CriticalSlope { get; init; } = 0.03;

    /// <summary>
    /// Share of the decay from which a non-linearity that no weight scale can serve is the cause: 0.25. Below it, the
    /// weights shrink the gradient so much that another non-linearity would hardly change it.
    /// </summary>
    public double ActivationShare { get; init; } = 0.25;

    /// <summary>
    /// Share of the baseline loss that must be gone, or share of the way from chance to a perfect metric that must be
    /// covered, for the net to have learned: 0.1. Batch noise of a stuck net, averaged over a window, stays below 0.02.
    /// </summary>
    public double LearnedShare { get; init; } = 0.1;

    /// <summary>
    /// Share of the way, by loss or by metric, below which a net has learned badly once its planned training is over:
    /// 0.5, where more is left than was covered.
    /// </summary>
    public double WellLearnedShare { get; init; } = 0.5;

    /// <summary>
    /// Standard errors by which a metric that decides alone must exceed chance to have left it: 3. Where short
    /// dependencies are learned anyway, no loss stands beside it, and one in a thousand nets at chance passes.
    /// </summary>
    public double MetricErrors { get; init; } = 3;

    /// <summary>Share of the baseline loss that a stuck net may lose: 0.02, the noise of a window's mean.</summary>
    public double StuckShare { get; init; } = 0.02;

    /// <summary>
    /// Share of the way from chance to a perfect metric that a stuck net may show: 0.05, four standard errors of an
    /// accuracy of 10 % on 800 samples.
    /// </summary>
    public double StuckLift { get; init; } = 0.05;

    /// <summary>
    /// Relative fall of the loss over the second half of the training that counts as falling, if it also exceeds three
    /// standard errors: 0.05.
    /// </summary>
    public double StillFalling { get; init; } = 0.05;

    /// <summary>Steps below which a loss that has not fallen says nothing: 50, about the length of a warm-up.</summary>
    public int FewestSteps { get; init; } = 50;

    /// <summary>Steps after which a loss that has not fallen says something however long the epoch is: 1000.</summary>
    public int MostSteps { get; init; } = 1000;

    /// <summary>
    /// Share of the planned training that must have passed before a verdict may end it: 0.25. Shallow sigmoid nets
    /// leave their plateau late.
    /// </summary>
    public double SettledShare { get; init; } = 0.25;

    /// <summary>
    /// Share of a layer's outputs that may be saturated: 0.5. At the start of a sound net 3 % of tanh's outputs are; a
    /// layer that has lost half is narrower than it was built.
    /// </summary>
    public double SaturatedShare { get; init; } = 0.5;

    /// <summary>
    /// Share of the largest entropy below which a head of attention looks at one key alone: 0.05, at which of a hundred
    /// keys one has some 97 % of the weight.
    /// </summary>
    public double CollapsedEntropy { get; init; } = 0.05;

    /// <summary>
    /// Standard errors by which a layer's dead share may exceed one half: 4, so 0.75 of 64 units. In a deep net of
    /// rectifiers all samples come to look alike (Cho and Saul 2009), and half of the units are off for every one.
    /// </summary>
    public double DeadErrors { get; init; } = 4;

    /// <summary>Share of dead units in a layer that lets hardly any gradient through: 0.9.</summary>
    public double AllButLostShare { get; init; } = 0.9;

    /// <summary>Rise of a share during training by which training, not the start, is to blame: 0.2.</summary>
    public double ShareRise { get; init; } = 0.2;

    /// <summary>
    /// Decades that a rectifier passes at least at a sound start: -0.3, a quarter of the gradient's square, where half
    /// (-0.15) is expected.
    /// </summary>
    public double AliveDecades { get; init; } = -0.3;

    /// <summary>
    /// Root mean square of the inputs above which they are unscaled: 10. Inits assume 1; the first layer's curvature
    /// grows with the square, so that a rate right for the others is a hundred times too large there.
    /// </summary>
    public double LargestInputRms { get; init; } = 10;

    /// <summary>The same downwards: 0.01, the mirror image in the gradient of the first layer's weights.</summary>
    public double SmallestInputRms { get; init; } = 0.01;

    /// <summary>
    /// Relative distance that the fastest weights would move over the planned training if all steps added up, below
    /// which the steps are too small: 0.01. Weights that stay within 1 % of their start compute the same function.
    /// </summary>
    public double ShortestTravel { get; init; } = 0.01;

    /// <summary>
    /// Typical relative size of one step above which steps are too large: 0.1. Ten such steps replace the weights;
    /// about 0.001 is usual.
    /// </summary>
    public double LargestUpdate { get; init; } = 0.1;

    /// <summary>
    /// Clip coefficient of a typical step below which clipping has become the step size: 0.1. Rare cliffs are what
    /// clipping is made for; where most steps keep less than a tenth of their gradient, it hides an explosion.
    /// </summary>
    public double HardClip { get; init; } = 0.1;

    /// <summary>
    /// Change of the output by a shuffle of time steps, beside that by another sequence's steps, up to which it is
    /// rounding: 1e-4. Sums of a thousand float32 numbers in another order differ by some 1e-6 of their size.
    /// </summary>
    public double OrderShare { get; init; } = 1e-4;

    /// <summary>
    /// Decades of the loss's gradient at the net's output, relative to the loss, below which the loss is flat: -6, near
    /// float32's resolution, at which no step changes the loss.
    /// </summary>
    public double FlatDecades { get; init; } = -6;

    /// <summary>
    /// Decades by which the signal may grow or shrink from the first to the last layer at the start: 2, the mirror
    /// image of <see cref="TroubleDecades"/> on the way forward.
    /// </summary>
    public double ForwardDecades { get; init; } = 2;
}
