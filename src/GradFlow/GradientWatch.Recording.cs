using GradFlow.Experiments;
using GradFlow.Flow;
using GradFlow.Report;
using GradFlow.Runs;

namespace GradFlow;

public sealed partial class GradientWatch
{
    private static readonly string Producer =
        "gradflow " + typeof(GradientWatch).Assembly.GetName().Version!.ToString(3);

    private IReadOnlyList<Finding> Finish(RunRecorder recorder, RunWriter writer)
    {
        IReadOnlyList<Finding> news;
        using (writer)
        {
            recorder.Set(End());
            news = _log.Judge(recorder.Current);
            writer.Set(_log.Latest!);
        }
        ReportPage.Write(Folder.Report, Run!);
        return news;
    }

    private RunEnd End()
    {
        double seconds = _settings.Time.GetElapsedTime(_start).TotalSeconds;
        double? share = seconds > 0 ? Math.Min(1, (_clock.Elapsed + _probe.Spent).TotalSeconds / seconds) : null;
        bool isShort = _isBegun || _step < _settings.Steps;
        string reason = _isBroken ? "non-finite"
            : !isShort ? "completed"
            : IsSettled ? "verdict"
            : "interrupted";
        return new RunEnd(reason, seconds, share);
    }

    /// <summary>Now and then, and at once when the numbers break.</summary>
    private bool IsJudgementDue()
    {
        bool wasBroken = _recorder!.Current.NonFinite is not null;
        if (_probe.Origin is { } origin && !wasBroken) _recorder.Set(origin);
        return _log.IsDue(_step) || (_recorder.Current.NonFinite is not null && !wasBroken);
    }

    private void Record(double loss, double? metric, StepMeasures measures)
    {
        _recorder ??= Open(metric);
        int epoch = _settings.StepsPerEpoch > 0 ? _step / _settings.StepsPerEpoch : _epoch;
        _recorder.Add(new StepRecord(
            _step, epoch, loss, metric, measures.Rate, measures.Norm, measures.ClippedNorm, measures.Coefficient));
        if (measures.Frame is not null) _recorder.Add(measures.Frame);
        _isBroken = !double.IsFinite(loss) || !double.IsFinite(measures.ClippedNorm);
        _step++;
    }

    private RunRecorder Open(double? metric)
    {
        FirstPass first = _probe.First!;
        bool hasMetric = metric is not null || _early.Any(evaluation => evaluation.Metric is not null);
        var plan = new TrainingPlan(
            _settings.Steps, _settings.StepsPerEpoch, first.Batch, first.Loss,
            _optimizer.GetType().Name.ToLowerInvariant(), _baseRate, hasMetric ? "accuracy" : null,
            _settings.ChanceMetric, _settings.BaselineLoss, first.InputRms, first.InputMaxAbs,
            _settings.LongestDependency)
        {
            IsDecayDecoupled = _optimizer.HasDecay ? _optimizer.IsDecoupled : null,
        };
        var header = new RunHeader(
            _settings.Name, _settings.Seed, _settings.Time.GetUtcNow(), Producer, plan,
            StructureProbe.WithDecay(first.Structure, _optimizer));
        _writer = RunWriter.Create(Folder.Database, header, _settings.Time);
        var recorder = new RunRecorder(header, _writer);
        foreach (Evaluation evaluation in _early) recorder.Add(evaluation);
        return recorder;
    }

    private void CloseEpoch()
    {
        _epoch++;
        _probe.EndEpoch();
    }
}
