namespace GradFlow.Experiments;

/// <summary>What is done to an image's brightness, given as 0 to 255.</summary>
public enum ImageScaling
{
    /// <summary>Divided by 255.</summary>
    Unit,

    /// <summary>Shifted and scaled to mean 0 and standard deviation 1 over all of the training data.</summary>
    Standard,

    /// <summary>Left as it is.</summary>
    None,
}
