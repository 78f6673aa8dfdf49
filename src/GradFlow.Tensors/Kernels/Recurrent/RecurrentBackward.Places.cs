namespace GradFlow.Tensors;

/// <content>Where a time step of a sample lies in the tensors.</content>
internal sealed partial class RecurrentBackward<TCell, T, V>
{
    private readonly int _givenAt = pass.Given.Offset, _givenSteps = pass.Given.Shape[1];
    private readonly bool _fetches = CacheLines.ExceededBy<T>(pass.Kept.Size);
    private readonly int _cotangentSteps = pass.Cotangents.Shape[1];
    private readonly T[] _none = pass.Given.Shape[1] < pass.Output.Shape[1] ? new T[sizes.Units + V.Count] : [];

    /// <summary>Which row of the tensors a time step of a sample is.</summary>
    private int PlaceOf(int sample, int t) => sample * _steps + t - _first;

    /// <summary>Where the cotangents of a time step of a sample go.</summary>
    private int CotangentsAt(int sample, int t) =>
        (_cotangentSteps == _steps ? PlaceOf(sample, t) : sample) * Columns * sizes.Units;

    /// <summary>Whether anything enters at a time step from above.</summary>
    private bool IsGiven(int t) => t >= _first + _steps - _givenSteps;

    /// <summary>Where what enters at a time step of a sample lies.</summary>
    private (T[] Numbers, int At) Given(int sample, int t) => IsGiven(t)
        ? (_given, _givenAt + (sample * _givenSteps + t - (_first + _steps - _givenSteps)) * sizes.Units)
        : (_none, 0);

    /// <summary>
    /// Fetches what a time step of a sample needs. Rows of samples lie far apart and are walked backwards, which the
    /// processor doesn't foresee.
    /// </summary>
    private void Fetch(int sample, int t)
    {
        int units = sizes.Units;
        CacheLines.Fetch<T>(_kept.AsSpan(PlaceOf(sample, t) * TCell.Kept * units, TCell.Kept * units));
        CacheLines.Fetch<T>(_cotangents.AsSpan(CotangentsAt(sample, t), Columns * units));
        (T[]? before, int at) = Before(sample, t);
        if (before is not null) CacheLines.Fetch<T>(before.AsSpan(at, units));
    }
}
