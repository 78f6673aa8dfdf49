namespace GradFlow.Experiments;

/// <summary>Keeps a training's newest state on disk, so that it can be resumed however it ends.</summary>
/// <param name="path">Where.</param>
/// <param name="time">The clock by which it is seldom enough.</param>
internal sealed class RegularCheckpoint(string path, TimeProvider time)
{
    /// <summary>How much longer than saving it takes training goes on between two states.</summary>
    private const int Rest = 9;

    private long? _savedAt;
    private TimeSpan _took;

    /// <summary>Saves the state unless that was done too recently.</summary>
    public void SaveInTime(Trainer trainer, RunRecorder recorder)
    {
        if (_savedAt is { } at && time.GetElapsedTime(at) < Rest * _took) return;
        Save(trainer, recorder);
    }

    /// <summary>Saves the state. The records that led to it are safe before, so that a resume finds them all.</summary>
    public void Save(Trainer trainer, RunRecorder recorder)
    {
        long start = time.GetTimestamp();
        recorder.Flush();
        Checkpoints.Save(path, trainer.Capture());
        _savedAt = time.GetTimestamp();
        _took = time.GetElapsedTime(start, _savedAt.Value);
    }
}
