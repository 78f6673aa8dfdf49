using System.Text.Json.Serialization;

namespace GradFlow.Runs;

/// <summary>
/// What the order of the time steps means to a net, measured: how much its last output changes where the steps before
/// the last change places, beside how much it does where they are another sequence's. The last step, at which the
/// output stands, stays where it is.
/// </summary>
/// <param name="Step">Steps taken before it was measured.</param>
/// <param name="Shuffled">Root mean square of the change by a shuffle, over sequences and outputs.</param>
/// <param name="Exchanged">The same where the steps are those of another sequence.</param>
/// <param name="Samples">How many sequences it was measured on.</param>
public sealed record OrderEffect(int Step, double Shuffled, double Exchanged, int Samples)
{
    /// <summary>
    /// The first over the second: near 1 where order means as much as what is there, rounding where it means nothing;
    /// null where neither changes the output.
    /// </summary>
    [JsonIgnore]
    public double? Share => Exchanged > 0 ? Shuffled / Exchanged : null;
}
