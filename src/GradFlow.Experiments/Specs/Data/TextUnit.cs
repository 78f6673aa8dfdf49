namespace GradFlow.Experiments;

/// <summary>What a text is read by.</summary>
public enum TextUnit
{
    /// <summary>
    /// Characters (Unicode code points), numbered in the order of their code points; behind them comes an entry for
    /// those that only the test part has.
    /// </summary>
    Character,

    /// <summary>Bytes, 256 of them; the file need not be UTF-8.</summary>
    Byte,
}
