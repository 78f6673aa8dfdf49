namespace GradFlow.Experiments;

/// <summary>Adam (Kingma &amp; Ba 2015).</summary>
[Entry("adam")]
public sealed record AdamSpec : AdamFamilySpec;
