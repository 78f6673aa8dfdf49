using System.Globalization;

namespace GradFlow.Experiments;

/// <summary>The key of a property in the experiment file, where it isn't the property's name in kebab-case.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Marks the key that a value alone stands for: <c>linear: 64</c> is <c>linear: { out: 64 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShorthandAttribute : Attribute;

/// <summary>Marks a default that matters to results, so that a resolved file spells it out.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WrittenAttribute : Attribute;

/// <summary>Demands at least one entry of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotEmptyAttribute : Attribute;

/// <summary>Demands a text that can name a folder on any system.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FileNameAttribute : Attribute
{
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\\z";
}

/// <summary>The numbers that a property can have; a bound that is NaN is none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LimitsAttribute : Attribute
{
    public double AtLeast { get; set; } = double.NaN;

    public double Above { get; set; } = double.NaN;

    public double AtMost { get; set; } = double.NaN;

    public double Below { get; set; } = double.NaN;

    public bool Allows(double value) =>
        !(value < AtLeast) && !(value <= Above) && !(value > AtMost) && !(value >= Below);

    /// <summary>Whether a number is allowed, or both ends of a range.</summary>
    public bool AllowsValue(object value) => value is LengthRange range
        ? Allows(range.Min) && Allows(range.Max)
        : Allows(Convert.ToDouble(value, CultureInfo.InvariantCulture));

    public override string ToString()
    {
        (string Words, double Bound)[] bounds =
            [("at least", AtLeast), ("above", Above), ("at most", AtMost), ("below", Below)];
        return string.Join(" and ", bounds
            .Where(b => !double.IsNaN(b.Bound))
            .Select(b => b.Words + " " + b.Bound.ToString("#,0.##########", CultureInfo.InvariantCulture)));
    }
}
