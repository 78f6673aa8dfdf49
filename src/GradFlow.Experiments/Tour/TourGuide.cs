using System.Collections.Concurrent;
using System.Diagnostics;
using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Measures the tour: every training of every stop, several at once, each on its own.</summary>
/// <param name="options">What is asked of it.</param>
public sealed class TourGuide(TourOptions options)
{
    private static readonly Stop[] Stops = [new JacobianProduct(), new DeepSigmoid(), new Explosion(), new Memory()];

    private readonly ConcurrentDictionary<DataSpec, Lazy<DataSplits>> _data = new();
    private long _taken, _planned;

    /// <summary>Trains what the stops are about and tells what came of it; the clock changes none of it.</summary>
    /// <param name="progress">Told the share of all steps that is done, from any thread; null for nobody.</param>
    /// <param name="arrived">
    /// Given each stop once it and those before it are measured: in order, one at a time, from any thread; null for
    /// nobody.
    /// </param>
    /// <param name="cancellation">The user's wish to stop.</param>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public Tour Lead(
        IProgress<double>? progress = null, Action<TourStop>? arrived = null, CancellationToken cancellation = default)
    {
        DateTimeOffset startedAt = options.Time.GetUtcNow();
        long start = options.Time.GetTimestamp();
        Leg[][] legs = [.. Stops.Select(stop => stop.Legs(options).ToArray())];
        _planned = legs.SelectMany(ofStop => ofStop).Sum(leg => leg.Cost);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        var told = new Told(legs, arrived);
        // Stop by stop, and in each the long ones first, so that no core waits for a long one at its end.
        var jobs = legs.SelectMany((ofStop, stop) =>
            ofStop.Select((leg, i) => (Leg: leg, Stop: stop, At: i)).OrderByDescending(job => job.Leg.Cost));
        Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering), parallel, job =>
            told.Add(job.Stop, job.At, Train(job.Leg, progress, cancellation)));
        return new Tour(
            options.Seed, startedAt, options.Producer, options.Time.GetElapsedTime(start).TotalSeconds, told.Stops);
    }

    /// <summary>What the stops have come to, each told once all that it is about has been trained.</summary>
    private sealed class Told(Leg[][] legs, Action<TourStop>? arrived)
    {
        private readonly Lock _gate = new();
        private readonly Run?[][] _runs = [.. legs.Select(ofStop => new Run?[ofStop.Length])];
        private readonly List<TourStop> _stops = [];

        public IReadOnlyList<TourStop> Stops => _stops;

        public void Add(int stop, int leg, Run run)
        {
            lock (_gate)
            {
                _runs[stop][leg] = run;
                while (_stops.Count < _runs.Length && Array.TrueForAll(_runs[_stops.Count], r => r is not null))
                {
                    TourStop next = TourGuide.Stops[_stops.Count].Tell(_runs[_stops.Count]!);
                    _stops.Add(next);
                    arrived?.Invoke(next);
                }
            }
        }
    }

    private Run Train(Leg leg, IProgress<double>? progress, CancellationToken cancellation)
    {
        Experiment experiment = leg.Experiment;
        DataSplits data = _data.GetOrAdd(experiment.Data, spec => new Lazy<DataSplits>(() =>
            TaskData.Load(spec, "", experiment.Seed, experiment.Training.Validation))).Value;
        var trainer = new Trainer(experiment, data, experiment.Name);
        RunHeader header = trainer.Describe(options.Time.GetUtcNow(), options.Producer);
        var recorder = new RunRecorder(header);
        recorder.Set(trainer.Forecast(header.Structure));
        var loop = new LoopOptions { IsJudgedAlong = false, Time = options.Time };
        Run run = TrainingLoop.Run(trainer, recorder, loop, new StepCounter(this, leg, progress), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return run;
    }

    private sealed class StepCounter(TourGuide guide, Leg leg, IProgress<double>? progress)
        : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            Debug.Assert(value.Step > 0, "progress is told after a step");
            long taken = Interlocked.Add(ref guide._taken, leg.CostPerStep);
            progress?.Report(Math.Min(1, (double)taken / guide._planned));
        }
    }
}
