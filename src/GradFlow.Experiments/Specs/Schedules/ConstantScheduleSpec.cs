namespace GradFlow.Experiments;

/// <summary>The optimiser's rate all along.</summary>
[Entry("constant")]
public sealed record ConstantScheduleSpec : ScheduleSpec;
