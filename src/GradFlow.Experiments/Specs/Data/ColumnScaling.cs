namespace GradFlow.Experiments;

/// <summary>What is done to the columns of a table.</summary>
public enum ColumnScaling
{
    /// <summary>Each is shifted and scaled to mean 0 and standard deviation 1 over the training data.</summary>
    Standard,

    /// <summary>Left as they are.</summary>
    None,
}
